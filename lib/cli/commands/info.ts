/** `samebits info`: the version, the numeric contract, and what this build and machine can and cannot do, and why not. */
import { Command } from 'commander';
import { capabilities } from '../../runtime/index.js';
import { printJson } from '../json.js';
import type { Info } from '../schemas/machine.js';
import { version } from '../version.js';

function info(): Info {
  const { contract, addon, passedOver, compiler, isas, bestIsa, hardwareThreads, devices, kernels } = capabilities();
  return {
    version,
    contract,
    build: { addon, compiler, kernels: kernels.length, passedOver },
    isas,
    bestIsa,
    threads: hardwareThreads,
    devices,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

const offers = (list: Info['devices']) =>
  list
    .map(({ name, available, reason }) => (available ? name : `no ${name} (${reason ?? 'not available'})`))
    .join(', ');

/** The command `info`. */
export function infoCommand(): Command {
  return new Command('info')
    .description('print the version, the numeric contract, and what this build and machine can do')
    .option('--json', 'print one JSON object on stdout')
    .action(({ json }: { json?: true }) => {
      const told = info();
      if (json) return printJson('info', told);
      const lines: [string, string][] = [
        ['samebits', told.version],
        ['contract', String(told.contract)],
        ['build', `${told.build.addon} (compiler ${told.build.compiler}, ${told.build.kernels} kernels)`],
        ...told.build.passedOver.map((one): [string, string] => ['', `not ${one}`]),
        ['isa', `${offers(told.isas)}; auto is ${told.bestIsa}`],
        ['threads', String(told.threads)],
        ['devices', offers(told.devices)],
        ['node', `${told.node}, ${told.platform}`],
      ];
      const text = lines.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n');
      process.stdout.write(`${text}\n`);
    });
}

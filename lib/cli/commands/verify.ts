/** `samebits verify`: computes a training again from its receipt and says whether it is the same, bit for bit. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Verification, VerifyDifference, VerifyOptions } from '../../audit/index.js';
import { ArgumentError, printable, show } from '../../errors/index.js';
import { openProgress } from '../../progress/index.js';
import type { Device, Isa } from '../../runtime/index.js';
import { elementLines } from '../difference.js';
import { exitCodes } from '../exit_codes.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { checkTarget, settingOption } from '../options.js';
import { interruptSignal } from '../stop.js';
import { integersOption } from '../values.js';

interface Options extends VerifyOptions {
  device?: Device;
  isa?: Isa | 'auto';
  json?: true;
}

function differenceLines(difference: VerifyDifference): string[] {
  switch (difference.what) {
    case 'file': {
      const tensor = difference.tensor === null ? '' : `, tensor ${difference.tensor}`;
      return [
        `${difference.file} was altered${tensor}`,
        `receipt  ${difference.recorded}`,
        `file     ${difference.found}`,
      ];
    }
    case 'fact': {
      const when = difference.epoch === 0 ? 'before the first step' : `after epoch ${difference.epoch}`;
      return [`${difference.name} differs ${when}`, `receipt  ${difference.recorded}`, `again    ${difference.found}`];
    }
    case 'state': {
      const when = difference.epoch === 0 ? 'before the first step' : `after epoch ${difference.epoch}`;
      const place = `${difference.tensor} differs ${when}`;
      return difference.element === null ? [place] : [place, ...elementLines(difference.element, ['receipt', 'again'])];
    }
  }
}

/** `equal`, of how much: single epochs are equal only if the states they begin with are. */
function headlineOf({ equal, epochs, ofEpochs }: Verification): string {
  if (!equal) return 'not equal';
  if (epochs.length === ofEpochs) return 'equal';
  const word = epochs.length === 1 ? 'epoch' : 'epochs';
  return `equal in ${word} ${epochs.join(', ')} of ${ofEpochs}, each from the state that the receipt tells`;
}

/** A told value in a line: of trees the root, of tables what they hold. */
function toldText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { root, leaves, means, ...others } = value as Record<string, unknown>;
  const rest = Object.entries({ ...Object(means), ...others }).filter(([name]) => name !== 'epoch');
  const parts = rest.map(([name, inside]) => {
    return `${name} ${typeof inside === 'object' && inside !== null ? `(${toldText(inside)})` : inside}`;
  });
  return [...(root === undefined ? [] : [`root ${root}`]), ...parts].join(', ');
}

/** What was found, for people. */
function verdictOf(found: Verification): string {
  const { difference, epochs, files, signedBy, root, told, warnings } = found;
  const missing = files.missing.length === 0 ? '' : `, ${files.missing.length} not there`;
  const whose = 'signature.publicKey' in told ? ' (whose key that is: told, not proved)' : '';
  const lines: [string, string][] = [
    ['signature', signedBy === null ? 'none' : `valid, by ${signedBy}${whose}`],
    ['files', `${files.checked} compared${missing}`],
    ['epochs', epochs.length === 0 ? 'none equal' : `${epochs.join(', ')} equal`],
    ...(root === null ? [] : [['root', root] as [string, string]]),
    ...warnings.map((warning): [string, string] => ['warning', warning]),
  ];
  const width = Object.keys(told).reduce((most, name) => Math.max(most, name.length), 0) + 2;
  return [
    headlineOf(found),
    ...lines.map(([name, value]) => `${name.padEnd(11)}${printable(value)}`),
    ...(difference === null ? [] : differenceLines(difference).map(printable)),
    'told, not proved:',
    ...Object.entries(told).map(([name, value]) => `  ${printable(`${name.padEnd(width)}${toldText(value)}`)}`),
  ].join('\n');
}

async function verify(path: string, { json, ...options }: Options): Promise<void> {
  if (!existsSync(path)) {
    throw new ArgumentError({
      who: 'verify',
      expected: 'the file of a receipt',
      got: show(path),
      hint: 'there is none',
    });
  }
  checkTarget({ device: options.device ?? 'cpu', isa: options.isa ?? 'auto' });
  const { verifyReceipt } = await import('../../audit/index.js');
  const progress = openProgress();
  const { signal, release } = interruptSignal(() => new Stopped('stopped by hand'));
  try {
    const { onPhase, onPictures, onNote, onData, onStep, onEpoch } = progress;
    const hooks = { onPhase, onPictures, onNote, onData, onStep, onEpoch, signal };
    const found = await verifyReceipt(path, options, hooks);
    progress.stop();
    if (json) printJson('verify', found);
    else process.stdout.write(`${verdictOf(found)}\n`);
    if (!found.equal) process.exitCode = exitCodes.differs;
  } finally {
    progress.stop();
    release();
  }
}

/** The command `verify`. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('compute a training again from its receipt: 0 where every bit is equal, 1 at the first difference')
    .argument('<receipt>', 'receipt.json, or the run folder that holds it')
    .option(
      '--epochs <list>',
      'compute only these epochs, each from the checkpoint before it',
      integersOption('--epochs'),
    )
    .addOption(settingOption('threads'))
    .addOption(settingOption('isa', { default: 'none' }))
    .addOption(settingOption('device', { default: 'none' }))
    .addOption(settingOption('model', { help: 'module of the network, where that is of your own', default: 'none' }))
    .addOption(settingOption('data', { help: 'where the training data lie now', default: 'none' }))
    .addOption(settingOption('validation', { help: 'where the validation pictures lie now', default: 'none' }))
    .option('--weights <file>', 'weights that the training began with, where no seed gives them')
    .option('--key <file>', 'PEM file of the Ed25519 public key that has to have signed the receipt')
    .option('--json', 'print one JSON object on stdout')
    .action(verify);
}

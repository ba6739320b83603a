/** `samebits report`: the report of finished trainings and experiments. */
import { join } from 'node:path';
import { Command } from 'commander';
import { printJson } from '../json.js';
import { folderOption } from '../values.js';

interface Options {
  out?: string;
  json?: true;
}

async function report(runs: string[], { out, json }: Options): Promise<void> {
  const folder = folderOption('run');
  for (const path of runs) folder(path);
  const { writeReport } = await import('../../reports/index.js');
  const started = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const written = await writeReport({ runs, out: out ?? join('reports', started) });
  if (json) printJson('report', written);
  else process.stdout.write(`${[...written.verdicts, `report: ${written.page}`].join('\n')}\n`);
}

/** The command `report`. */
export function reportCommand(): Command {
  return new Command('report')
    .description('make the HTML report of finished trainings: one, several side by side or compared, or an experiment')
    .argument('<run...>', 'folders of finished trainings, or of experiments')
    .option('-o, --out <dir>', 'new or empty folder for the report (default: one below reports/)')
    .option('--json', 'print one JSON object on stdout')
    .action(report);
}

/** `samebits evaluate`: finished trainings judged by a split of their data, a line each. */
import { join } from 'node:path';
import { Command } from 'commander';
import type { SplitName } from '../../data/index.js';
import { ArgumentError, givenOptions } from '../../errors/index.js';
import { expectExtra } from '../../lazy/index.js';
import { isShare, shortValue, wordsOf } from '../../progress/index.js';
import type { EvaluatedRuns } from '../../runs/index.js';
import type { Device, Isa } from '../../runtime/index.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { checkTarget, settingOption } from '../options.js';
import { interruptSignal } from '../stop.js';
import { folderOption, integerOption, wordOption } from '../values.js';

interface Options {
  run?: string[];
  model?: string;
  data?: string;
  split?: SplitName;
  batchSize?: number;
  device: Device;
  isa: Isa | 'auto';
  threads?: number;
  out?: string;
  json?: true;
}

/** A line a run, with its measures and how many samples were taken for another class. */
function evaluatedText({ split, samples, runs, dataHash }: EvaluatedRuns): string {
  const names = [...new Set(runs.flatMap(({ measures }) => Object.keys(measures)))];
  const told = (name: string, value: number | undefined) => {
    if (value === undefined) return 'none';
    return isShare(name) ? `${(value * 100).toFixed(2)} %` : shortValue({ of: name, value });
  };
  const withErrors = runs.some(({ errors }) => errors !== null);
  const rows = [
    ['run', ...names.map(wordsOf), ...(withErrors ? ['errors'] : [])],
    ...runs.map(({ run, measures, errors }) => [
      run,
      ...names.map((name) => told(name, measures[name])),
      ...(withErrors ? [errors === null ? 'none' : String(errors)] : []),
    ]),
  ];
  const widths = rows[0]!.map((_, i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return [`${samples} ${split} samples of ${dataHash}`, '', ...rows.map(line)].join('\n');
}

async function evaluate({ run, out, json, ...options }: Options): Promise<void> {
  if (run === undefined) throw new ArgumentError({ who: '--run', expected: 'a value', got: 'none' });
  checkTarget(options);
  const { evaluateRuns } = await import('../../runs/index.js');
  const { claimFolder, writeWhole } = await import('../../files/index.js');
  // Box plots are of two runs or more; what draws them is asked for before the work.
  if (out !== undefined && run.length > 1) expectExtra('reports');
  using _claim = out === undefined ? undefined : claimFolder('--out', out);
  const { signal, release } = interruptSignal(() => new Stopped('stopped by hand'));
  try {
    const asked = givenOptions(options, ['model', 'data', 'split', 'batchSize', 'device', 'isa', 'threads']);
    const evaluated = await evaluateRuns({ ...asked, runs: run }, { signal });
    let written: string[] = [];
    if (out !== undefined) {
      const whole = join(out, 'evaluation.json');
      writeWhole(whole, `${JSON.stringify(evaluated, null, 2)}\n`);
      const { writeEvaluation } = await import('../../reports/index.js');
      written = [whole].concat(await writeEvaluation(evaluated, out));
    }
    if (json) printJson('evaluate', evaluated);
    else process.stdout.write(`${evaluatedText(evaluated)}\n`);
    process.stderr.write(written.map((path) => `wrote ${path}\n`).join(''));
  } finally {
    release();
  }
}

/** The command `evaluate`. */
export function evaluateCommand(): Command {
  const folder = folderOption('--run');
  return new Command('evaluate')
    .description('judge finished trainings by samples of their data, such as those they never saw')
    .option(
      '-r, --run <dir>',
      'folder of a finished training; several times for a line each (required)',
      (text, before: string[] = []) => [...before, folder(text)],
    )
    .addOption(settingOption('model', { help: 'module of the network, where that is of your own', default: 'none' }))
    .addOption(
      settingOption('data', { help: 'other data (default: those of the run, where you began it)', default: 'none' }),
    )
    .option(
      '--split <name>',
      'train, validation or test (default: test)',
      wordOption('--split', ['train', 'validation', 'test'] as const),
    )
    .option('-b, --batch-size <n>', 'samples judged at once (default: 32)', integerOption('--batch-size', 1))
    .option('-o, --out <dir>', 'folder for evaluation.json, and a table and box plots of all runs')
    .addOption(settingOption('device', { default: 'set' }))
    .addOption(settingOption('isa', { default: 'set' }))
    .addOption(settingOption('threads'))
    .option('--json', 'print one JSON object on stdout')
    .action(evaluate);
}

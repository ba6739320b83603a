/** `samebits compare`: several trainings in each mode, what they differ in, and a report. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { ExperimentHooks, Result, Trial } from '../../experiments/index.js';
import { capabilities } from '../../runtime/index.js';
import { Stopped } from '../failure.js';
import {
  addSharedOptions,
  checkGiven,
  checkModel,
  checkTarget,
  type Mode,
  modes,
  type SharedOptions,
  settingsOf,
} from '../options.js';
import { openProgress, type Progress, showTrial } from '../progress.js';
import { interruptSignal } from '../stop.js';
import { integerOption, wordsOption } from '../values.js';
import { version } from '../version.js';

interface Options extends SharedOptions {
  modes: Mode[];
  runs: number;
}

const mainFile = fileURLToPath(new URL('../main.js', import.meta.url));

/** `runs/keras_convnet-2026-01-02T03-04-05`: a folder of its own for every start. */
function folderFor(model: string, startedAt: string): string {
  return join('runs', `${model}-${startedAt.slice(0, 19).replaceAll(':', '-')}`);
}

function hooksFor(progress: Progress, signal: AbortSignal, runs: number, kept: { count: number }): ExperimentHooks {
  const announce = (trial: Trial, index: number, total: number, wasThere: boolean) => {
    const there = wasThere ? ', finished earlier' : '';
    progress.line(`trial ${index + 1} of ${total}: ${trial.mode}, run ${trial.run} of ${runs}${there}`);
  };
  return {
    signal,
    onTrial: announce,
    onProgress: (message) => showTrial(progress, message),
    onTrialDone: () => {
      kept.count += 1;
    },
    onMeasure: () => progress.line('comparing weights'),
  };
}

async function compare(options: Options): Promise<void> {
  checkGiven(options);
  const { models } = await import('../../models/index.js');
  checkModel(options, models);
  checkTarget(options);
  const { parseDefinition, runExperiment } = await import('../../experiments/index.js');
  const { terminalReport, writeReport } = await import('../../reports/index.js');
  const definition = parseDefinition({ ...settingsOf(options), modes: options.modes, runs: options.runs });
  const startedAt = new Date().toISOString();
  const out = options.out ?? folderFor(options.model, startedAt);
  const kept = { count: 0 };
  const total = options.runs * options.modes.length;
  const told = () => `stopped by hand with ${kept.count} of ${total} trials finished; go on with --out ${out}`;
  const { signal, release } = interruptSignal(() => new Stopped(kept.count === 0 ? 'stopped by hand' : told()));
  const progress = openProgress();
  const runner = {
    out,
    command: [process.execPath, mainFile],
    versions: { samebits: version, contract: capabilities().contract, node: process.version },
    startedAt,
  };
  let result: Result;
  try {
    result = await runExperiment(definition, runner, hooksFor(progress, signal, options.runs, kept));
  } finally {
    progress.stop();
    release();
  }
  const page = await writeReport(result, out);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${terminalReport(result)}\n\nreport: ${page}\n`);
  if (options.json) process.stderr.write(`report: ${page}\n`);
}

/** The command `compare`. */
export function compareCommand(): Command {
  return addSharedOptions(
    new Command('compare').description('train several times in each mode, compare the runs, and write a report'),
  )
    .option('--modes <list>', 'modes with commas between them', wordsOption('--modes', modes), [...modes])
    .option('--runs <n>', 'trainings in each mode', integerOption('--runs', 2, 99), 3)
    .action(compare);
}

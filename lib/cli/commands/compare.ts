/** `samebits compare`: several trainings in each mode, what they differ in, and a report. */
import { join } from 'node:path';
import { Command } from 'commander';
import { ArgumentError, show } from '../../errors/index.js';
import type { ExperimentHooks, Trial } from '../../experiments/index.js';
import { claimFolder } from '../../files/index.js';
import { expectExtra } from '../../lazy/index.js';
import { epochLine, openProgress, type Progress, showTrial } from '../../progress/index.js';
import type { ReportedResult } from '../../reports/index.js';
import { type Mode, modes } from '../../runtime/index.js';
import { withDefaults } from '../../settings/index.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { addSettings, checkArrival, checkGiven, checkOrders, checkTarget, settingsOf } from '../options.js';
import { refusing, spaceTeller } from '../space.js';
import { interruptSignal } from '../stop.js';
import { integerOption, integersOption, wordsOption } from '../values.js';

interface Options {
  json?: true;
  jobs: number;
  modes: Mode[];
  runs: number;
  explain: number;
  growthSteps: number;
  threadCounts?: number[];
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `runs/keras_convnet-2026-01-02T03-04-05`: a folder of its own for every start. */
function folderFor(models: readonly string[], startedAt: string): string {
  return join('runs', `${models.join('-')}-${startedAt.slice(0, 19).replaceAll(':', '-')}`);
}

/** Models with commas between them, each once. */
function modelsOption(text: string): string[] {
  const list = text.split(',');
  if (new Set(list).size === list.length) return list;
  throw new ArgumentError({ who: '--model', expected: 'every model once', got: show(text) });
}

/** Refuses a run with threads of its own where no deterministic run is there to compare it with. */
function checkThreadCounts({ threadCounts, modes: chosen }: Options): void {
  if (threadCounts === undefined || chosen.includes('deterministic')) return;
  const expected = "'deterministic' among --modes, whose bits do not depend on threads";
  throw new ArgumentError({ who: '--thread-counts', expected, got: chosen.join(',') });
}

interface Watch {
  progress: Progress;
  signal: AbortSignal;
  runs: number;
  jobs: number;
  /** Trials finished, over all models. */
  kept: { count: number };
  /** `mini_xception: `, or nothing for one model alone. */
  prefix: string;
}

function hooksFor({ progress, signal, runs, jobs, kept, prefix }: Watch): ExperimentHooks {
  const announce = (trial: Trial, index: number, total: number, wasThere: boolean) => {
    const there = wasThere ? ', finished earlier' : '';
    const which = trial.threads === undefined ? `run ${trial.run} of ${runs}` : plural(trial.threads, 'thread');
    progress.line(`${prefix}trial ${index + 1} of ${total}: ${trial.mode}, ${which}${there}`);
  };
  return {
    signal,
    onTrial: announce,
    onNote: (note) => progress.onNote(note),
    onProgress: (message, { folder }) => {
      if (jobs === 1) showTrial(progress, message);
      // Of several at once a bar would tell nothing, and a line says which trial it is of.
      else if (message.kind === 'note') progress.line(`${prefix}${folder}: ${message.note}`);
      else if (message.kind === 'epoch')
        progress.line(`${prefix}${folder}: ${epochLine(message.epoch, message.epochs)}`);
    },
    onTrialDone: () => {
      kept.count += 1;
    },
    onMeasure: () => progress.line(`${prefix}comparing weights`),
    onExplain: () => progress.line(`${prefix}explaining samples`),
  };
}

async function compare(options: Options): Promise<void> {
  const given = settingsOf(options, 'compare');
  checkGiven(given);
  const { out: _, mode: __, ...settings } = withDefaults(given);
  const { checkModel, taskSettingsOf } = await import('../../tasks/index.js');
  const models = modelsOption(settings.model);
  expectExtra('reports');
  for (const model of models) await checkModel('compare', taskSettingsOf({ ...settings, model }));
  checkTarget(settings);
  checkThreadCounts(options);
  checkArrival(settings, options.modes.includes('atomic'), "'atomic' among --modes");
  if (options.modes.includes('atomic')) checkOrders(settings);
  const { parseDefinition, runExperiment } = await import('../../experiments/index.js');
  const { terminalReport, writeResultReport } = await import('../../reports/index.js');
  const { modes: chosen, runs, explain, growthSteps, threadCounts, jobs } = options;
  const more = { modes: chosen, runs, explain, growthSteps, ...(threadCounts !== undefined && { threadCounts }) };
  const definitions = models.map((model) => parseDefinition({ ...settings, model, ...more }));
  const startedAt = new Date().toISOString();
  const out = given.out ?? folderFor(models, startedAt);
  using claim = claimFolder('--out', out);
  const kept = { count: 0 };
  const total = models.length * (runs * chosen.length + (threadCounts ?? []).length);
  const told = () => `stopped by hand with ${kept.count} of ${total} trials finished; go on with --out ${out}`;
  const { release, ...interrupt } = interruptSignal(() => new Stopped(told()));
  const { signal, refuse } = refusing(interrupt.signal);
  const progress = openProgress();
  const results: ReportedResult[] = [];
  try {
    for (const definition of definitions) {
      const { model } = definition;
      const alone = models.length === 1;
      const folder = alone ? out : join(out, model);
      const smaller = 'ask for fewer --runs, epochs or --growth-steps';
      const onSpace = spaceTeller({ who: 'compare', folder, smaller, refuse, line: progress.line });
      const watch = { progress, signal, runs, jobs, kept, prefix: alone ? '' : `${model}: ` };
      const hooks = { ...hooksFor(watch), onSpace };
      const place = { out: folder, jobs, ...(alone && { claim }) };
      const result = await runExperiment(definition, { ...place, startedAt }, hooks);
      results.push({ result, folder: alone ? '' : model });
    }
  } finally {
    progress.stop();
    release();
  }
  const page = await writeResultReport(results, out);
  const found = results.map(({ result }) => result);
  if (!options.json) {
    process.stdout.write(`${found.map(terminalReport).join('\n\n')}\n\nreport: ${page}\n`);
    return;
  }
  if (found.length === 1) printJson('compare', found[0]!);
  else printJson('compare-models', { results: found });
  process.stderr.write(`report: ${page}\n`);
}

/** The command `compare`. */
export function compareCommand(): Command {
  return addSettings(
    new Command('compare').description(
      'train several times in each mode, compare the runs, and write a report; --model takes several with commas between',
    ),
    'compare',
  )
    .option('--modes <list>', 'modes with commas between them', wordsOption('--modes', modes), [...modes])
    .option('--runs <n>', 'trainings in each mode', integerOption('--runs', 2, 99), 3)
    .option('--explain <n>', 'validation pictures that every run explains', integerOption('--explain', 0, 99), 4)
    .option(
      '--growth-steps <n>',
      'steps after which the distance between runs is measured, close together at the beginning',
      integerOption('--growth-steps', 0, 999),
      8,
    )
    .option(
      '-j, --jobs <n>',
      'trials at once, which share the threads of the machine; step times are then those of a busy machine',
      integerOption('--jobs', 1, 1024),
      1,
    )
    .option(
      '--thread-counts <list>',
      'one deterministic run more with each of these numbers of threads',
      integersOption('--thread-counts'),
    )
    .action(compare);
}

/** Finished trainings judged by samples that they may never have seen: loss, metrics, and which classes were taken for which. */
import { type Dataset, holdOutNames, type Split, type SplitName, splitNames } from '../data/index.js';
import { ArgumentError, checkOptions, givenOptions, integerOption, show, wordOption } from '../errors/index.js';
import type { Model } from '../models/index.js';
import { createRuntime, type Device, type Isa } from '../runtime/index.js';
import { type DataSettings, openData, type ReadHooks, readHooksOf } from '../tasks/index.js';
import { sameShape, tensor } from '../tensor/index.js';
import { type FinishedRun, modelOfRun, readRun, restoreRun } from './finished_run.js';
import { dataForRun } from './run_data.js';

/** What `evaluateRuns` takes. */
export interface EvaluateRunsOptions {
  /** Folders of finished trainings. */
  runs: readonly string[];
  /** The module of the network, where that is of the user's own. */
  model?: string;
  /** What `openTask` takes as data. Default: those of the first run, where this user began it. */
  data?: DataSettings['data'] | undefined;
  /** Default 'test'. */
  split?: SplitName;
  /** Samples judged at once; changes nothing but memory and time. Default 32. */
  batchSize?: number;
  device?: Device;
  isa?: Isa | 'auto';
  threads?: number;
}

/** What came of one run. */
export interface EvaluatedRun {
  run: string;
  model: string;
  target: string;
  seed: number;
  weightsHash: string;
  /** Loss and metrics of the run, by name. */
  measures: Record<string, number>;
  /** Samples taken for another class than theirs, where each has one class: false negatives of one and false positives of the other. */
  errors: number | null;
  /** `confusion[a][b]`: samples of class a taken for class b. */
  confusion: number[][] | null;
}

/** What came of all runs. */
export interface EvaluatedRuns {
  split: SplitName;
  samples: number;
  classNames: readonly string[];
  dataHash: string;
  runs: EvaluatedRun[];
}

const who = 'evaluateRuns';

/** The split that is judged by. Throws ArgumentError for one that is not there and for samples of another shape. */
function splitOf(dataset: Dataset, name: SplitName, run: FinishedRun): Split {
  const split = dataset[name];
  if (split === undefined) {
    const hint = `hold samples out (${holdOutNames.slice(0, 2).join(', ')}), or name another split`;
    throw new ArgumentError({ who, expected: `data with ${name} samples`, got: 'none', hint });
  }
  if (sameShape(split.sampleShape, run.sampleShape)) return split;
  const expected = `samples ${show([...run.sampleShape])}, as the runs were trained on`;
  throw new ArgumentError({ who, expected, got: show([...split.sampleShape]) });
}

/** The class that outputs say: the largest, the first of equal ones; of a single one class 1 above 1/2. */
function classIn(outputs: Float32Array): number {
  if (outputs.length === 1) return outputs[0]! > 0.5 ? 1 : 0;
  return outputs.reduce((best, value, i) => (value > outputs[best]! ? i : best), 0);
}

function confusionOf(
  model: Model,
  split: Split,
  batchSize: number,
  signal: AbortSignal | undefined,
): number[][] | null {
  const { kind, classes } = split.targets;
  if (kind !== 'class') return null;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let first = 0; first < split.length; first += batchSize) {
    signal?.throwIfAborted();
    const indices = Array.from({ length: Math.min(batchSize, split.length - first) }, (_, i) => first + i);
    const { x, y } = split.read(indices);
    // Bytes too: the first layer may be one that takes floats only.
    using samples = tensor(model.runtime, Float32Array.from(x), [indices.length, ...split.sampleShape]);
    using outputs = model.predictOnBatch(samples);
    const values = outputs.data() as Float32Array;
    const width = values.length / indices.length;
    indices.forEach((_, i) => {
      confusion[y[i]!]![classIn(values.subarray(i * width, (i + 1) * width))]! += 1;
    });
  }
  return confusion;
}

const errorsIn = (confusion: number[][]): number =>
  confusion.reduce((sum, row, own) => sum + row.reduce((all, count, other) => all + (other === own ? 0 : count), 0), 0);

/**
 * Judges finished trainings by a split of their data, or of others that are read as theirs were, always in deterministic mode. Rejects,
 * before any judging, with ArgumentError for runs and data that do not fit, and with what data refuse.
 * Example: `await evaluateRuns({ runs: ['runs/first', 'runs/second'], split: 'test' })`.
 */
export async function evaluateRuns(options: EvaluateRunsOptions, hooks: ReadHooks = {}): Promise<EvaluatedRuns> {
  checkOptions(who, options, [
    ...(['runs', 'model', 'data', 'split', 'batchSize', 'device', 'isa', 'threads'] as const),
  ] satisfies (keyof EvaluateRunsOptions)[]);
  const name = wordOption(who, 'split', options.split ?? 'test', splitNames);
  const batchSize = integerOption(who, 'batchSize', options.batchSize ?? 32, 1);
  const [first, ...others] = options.runs.map((folder) => readRun(folder, who));
  if (first === undefined) throw new ArgumentError({ who, expected: 'runs to be one folder or more', got: 'none' });
  const runs = [first, ...others];
  const models = [];
  for (const run of runs) models.push(await modelOfRun(run, who, options.model));
  const { dataset } = await openData(dataForRun(who, first, options.data), { who, ...readHooksOf(hooks) });
  try {
    const splits = runs.map((run) => splitOf(dataset, name, run));
    using runtime = createRuntime(givenOptions(options, ['device', 'isa', 'threads']));
    const evaluated: EvaluatedRun[] = [];
    for (const [i, run] of runs.entries()) {
      const { metrics, loss } = models[i]!.learning;
      using model = restoreRun(run, models[i]!, runtime);
      // The weights stay; what is told of them is what the run was judged by.
      model.compile({ runtime, loss, metrics });
      const { signal } = hooks;
      const measures = await model.evaluate(splits[i]!, { batchSize, ...(signal && { signal }) });
      const confusion = confusionOf(model, splits[i]!, batchSize, signal);
      const { folder, model: network, target, seed, weightsHash } = run;
      const facts = { run: folder, model: network, target, seed, weightsHash };
      evaluated.push({ ...facts, measures, errors: confusion && errorsIn(confusion), confusion });
    }
    return {
      split: name,
      samples: splits[0]!.length,
      classNames: dataset.classNames,
      dataHash: dataset.digest,
      runs: evaluated,
    };
  } finally {
    dataset.dispose();
  }
}

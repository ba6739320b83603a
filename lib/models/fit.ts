/**
 * The loops over batches. Sums are kept so that a training can stop after any step and go on: losses are added as
 * doubles in the order of the steps, each times the size of its batch; states of metrics are merged in that order.
 */
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type ArrayData, BatchPlan } from '../data/index.js';
import { ArgumentError, checkOptions, flagOption, integerOption } from '../errors/index.js';
import { validationName } from '../metrics/index.js';
import type { RunSettings } from '../settings/index.js';
import { scope, sizeOf, type Tensor, tensor } from '../tensor/index.js';
import { BatchesAhead } from './ahead.js';
import { type CallbacksOption, checkCallbacks, type FitCallbacks, joined } from './callbacks.js';
import { type BatchStream, checkStream, type Feed, isStream, planFeed, streamFeed } from './feed.js';
import { addBatch, allMetrics, type Logs, logsOf, nothing, type Sums } from './judged.js';
import type { Batch, Model } from './model.js';
import { asFloat, gather, rowsOf } from './rows.js';
import { type ClassWeight, classWeightOption, weightedByClass } from './sample_weights.js';
import { expectWeighable, type FitData, type PartsFitData, type Samples, samplesOf } from './samples.js';
import { type ByPart, packed } from './several.js';
import type { Use } from './use.js';
import { cutData } from './validation_split.js';
import { type Watch, type WatchOptions, watchOf } from './watch.js';

/** The means of one epoch, counted from 0. */
export interface EpochLogs {
  epoch: number;
  logs: Logs;
}

/** Where a training stands: `step` steps of epoch `epoch` (both from 0) are done, and their sums. Plain data. */
export interface Progress extends Sums {
  epoch: number;
  step: number;
}

/** What is told after a step; `steps` is their number in an epoch, undefined where nobody knows it yet. */
export interface BatchEnd {
  progress: Progress;
  steps: number | undefined;
  /** Mean loss of this batch. */
  loss: number;
}

/** What `evaluate` and `predict` take. */
export interface EvaluateOptions {
  /** Samples at a time. Default 32. */
  batchSize?: number;
  /** Stops between two batches; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What `fit` takes. */
export interface FitOptions extends EvaluateOptions, WatchOptions {
  /** Epochs to take; beside `initialEpoch` or `from`, the number of the epoch to stop before. Default 1. */
  epochs?: number;
  /**
   * Number of the epoch to begin with, from 0. Default `model.epochs`, where the last fit ended: epochs are counted on from
   * fit to fit, in what callbacks are told too, where Keras counts each fit's from 0.
   */
  initialEpoch?: number;
  /** Batches of an epoch, of data that come as batches; see BatchStream. Default: an epoch ends where they do. */
  stepsPerEpoch?: number;
  /** Whether each epoch has an order of its own, drawn from the model's seed. Default true. */
  shuffle?: boolean;
  /** Judged after each epoch. */
  validationData?: FitData | PartsFitData;
  /**
   * Share of the arrays that is judged instead of learnt from, above 0 and below 1: the last samples, cut off before any order is
   * drawn, as Keras cuts them (at the whole number below `samples * (1 - validationSplit)`). Default none.
   */
  validationSplit?: number;
  /**
   * How much samples of a class count in the loss and in weighted metrics of training: `{ 0: 1, 1: 5 }`. A class that is not
   * named counts 1. Default: all count 1.
   */
  classWeight?: ClassWeight;
  /** Who is told: an object of functions, or a list of them, such as `callbacks.earlyStopping()`. */
  callbacks?: CallbacksOption;
  /** Where an earlier fit stopped; takes the place of `initialEpoch`. */
  from?: Progress;
  /**
   * Leaves a run folder: `{ out: 'runs/a', trace: 'steps', checkpoints: 'all' }`, the settings of `samebits train` by their
   * names. `{ resume: 'runs/a' }` goes on with one that was stopped, up to `epochs`, as the command line's `--resume` does.
   * `epochs` then counts from the first of the run, and every epoch has an order of its own. Default: nothing is kept.
   */
  run?: RunSettings;
}

/** The options of fit, by name. */
export const fitOptionNames = [
  ...(['batchSize', 'signal', 'epochs', 'initialEpoch', 'shuffle', 'validationData', 'callbacks', 'from'] as const),
  ...(['verbose', 'tensorboard', 'run', 'validationSplit', 'classWeight', 'stepsPerEpoch'] as const),
] satisfies (keyof FitOptions)[];

/** Means of validation under their names: `valAccuracy` for `accuracy`. */
export const validationLogs = (means: Logs): Logs =>
  Object.fromEntries(Object.entries(means).map(([name, mean]) => [validationName(name), mean]));

/** A model, and who works with it. */
interface Fitted {
  model: Model;
  use: Use;
}

/** Trains; see Model.fit. */
export async function fitModel(
  { model, use }: Fitted,
  data: FitData | BatchStream,
  options: FitOptions,
): Promise<EpochLogs[]> {
  const who = 'fit';
  checkOptions(who, options, fitOptionNames);
  checkStream(who, data, options);
  const { epochs = 1, initialEpoch, signal, from } = options;
  const callbacks = joined(checkCallbacks(options.callbacks === undefined ? {} : options.callbacks));
  const batchSize = integerOption(who, 'batchSize', options.batchSize ?? 32, 1);
  integerOption(who, 'epochs', epochs, 1);
  const first = from?.epoch ?? integerOption(who, 'initialEpoch', initialEpoch ?? model.epochs, 0);
  const end = from === undefined && initialEpoch === undefined ? first + epochs : epochs;
  const { feed, validation } = taken(who, model, data, { ...options, batchSize });
  signal?.throwIfAborted();
  const watch = watchOf(who, options);
  const begin = from ?? { epoch: first, step: 0, ...nothing() };
  try {
    return await learn({ model, use, feed, validation, batchSize, begin, end, signal, callbacks, watch });
  } finally {
    watch.stop();
    await feed.end();
  }
}

/** What a fit learns from, and what it is judged by. */
function taken(
  who: string,
  model: Model,
  data: FitData | BatchStream,
  options: FitOptions & { batchSize: number },
): { feed: Feed; validation: Samples | undefined } {
  const { batchSize, shuffle = true, classWeight, stepsPerEpoch } = options;
  const { seed, loss } = model.compiled;
  const shapes = model.sampleShapes;
  const judged = (given: FitData | undefined) => given && samplesOf(who, given, shapes, loss);
  const validationData = options.validationData && model.packed(who, options.validationData);
  const learnt = (given: FitData) => {
    const samples = samplesOf(who, given, shapes, loss);
    return classWeight === undefined ? samples : ofClasses(who, samples, given, classWeight, model);
  };
  if (isStream(data)) {
    if (classWeight !== undefined) classWeightOption(who, classWeight, shapes.y);
    const feed = streamFeed(who, data, { stepsPerEpoch, read: (batch) => learnt(model.packed(who, batch)) });
    return { feed, validation: judged(validationData) };
  }
  const cut = cutData(who, model.packed(who, data), { ...options, validationData }, shapes);
  const samples = learnt(cut.data);
  const shuffled = flagOption(who, 'shuffle', shuffle);
  const plan = new BatchPlan({ length: samples.length, batchSize, shuffle: shuffled, seed });
  return { feed: planFeed(samples, plan), validation: judged(cut.validationData) };
}

/** The samples with the weights of their classes. Throws ArgumentError, before any work, for weights that do not fit. */
function ofClasses(who: string, samples: Samples, data: FitData, given: ClassWeight, model: Model): Samples {
  const { y, target = y } = model.sampleShapes;
  expectWeighable(who, 'classWeight', model.compiled.loss);
  const weight = classWeightOption(who, given, y);
  if ('sampleWeight' in data && data.sampleWeight !== undefined) {
    throw new ArgumentError({ who, expected: 'sampleWeight or classWeight', got: 'both' });
  }
  return weightedByClass(samples, weight, sizeOf(target));
}

/** A fit with its options checked. */
interface Course extends Fitted {
  feed: Feed;
  validation: Samples | undefined;
  batchSize: number;
  begin: Progress;
  /** Number of the epoch to stop before. */
  end: number;
  signal: AbortSignal | undefined;
  callbacks: FitCallbacks;
  watch: Watch;
}

/** Epoch after epoch, from where the course begins. */
async function learn(course: Course): Promise<EpochLogs[]> {
  const { model, use, begin, end, callbacks, watch } = course;
  const history: EpochLogs[] = [];
  model.stopTraining = false;
  const told = { model, epochs: end, steps: course.feed.steps, measures: measuresOf(course), done: [] };
  await use.tell(() => callbacks.onTrainBegin?.(told));
  for (let progress = begin; progress.epoch < end; progress = { epoch: progress.epoch + 1, step: 0, ...nothing() }) {
    if (model.stopTraining) break;
    const { epoch } = progress;
    const started = performance.now();
    model.epochs = epoch;
    await use.tell(() => callbacks.onEpochBegin?.(epoch));
    progress = await steps(course, progress);
    model.epochs = epoch + 1;
    const logs = { ...logsOf(model.compiled, progress), ...(await validated(course, epoch)) };
    history.push({ epoch, logs });
    watch.onEpoch({ ...logs, epoch: epoch + 1, seconds: (performance.now() - started) / 1000 }, end);
    await use.tell(() => callbacks.onEpochEnd?.({ epoch, logs }));
  }
  await use.tell(() => callbacks.onTrainEnd?.(history));
  return history;
}

/** Names of what is measured. */
function measuresOf({ model, validation }: Course): string[] {
  const names = namesOf(model);
  return validation === undefined ? names : [...names, ...names.map(validationName)];
}

/** Names of the means of an epoch, without those of validation. */
export const namesOf = ({ compiled }: Model): string[] => ['loss', ...allMetrics(compiled).map(({ name }) => name)];

/** The steps of an epoch that are left. */
async function steps(course: Course, from: Progress): Promise<Progress> {
  const { model, use, feed, end, signal, callbacks, watch } = course;
  const { epoch } = from;
  const { runtime } = model.compiled;
  const start = (batch: Batch) => {
    runtime.beginStep(model.iterations);
    return model.startStep(batch, callbacks.onGradients);
  };
  let progress = from;
  const batches = feed.epoch(runtime, from);
  try {
    while (await batches.more()) {
      const { step } = progress;
      if (callbacks.onBatchBegin) await use.tell(() => callbacks.onBatchBegin?.({ epoch, step, steps: feed.steps }));
      const { result, indices } = batches.next(start)!;
      progress = {
        epoch,
        step: step + 1,
        ...addBatch(model.compiled, progress, result, indices.length, widthOf(model)),
      };
      const told = { progress, steps: feed.steps, loss: result.loss };
      watch.onStep(
        { epoch: epoch + 1, epochs: end, step: step + 1, steps: feed.steps ?? step + 1, loss: result.loss },
        model.iterations,
      );
      await use.tell(() => callbacks.onBatchEnd?.(told));
      await letOthersRun();
      signal?.throwIfAborted();
      if (model.stopTraining) break;
    }
  } finally {
    batches.dispose();
  }
  return progress;
}

/** The means of validation after an epoch, under their names. */
async function validated({ model, use, validation, batchSize, signal, callbacks, watch }: Course, epoch: number) {
  if (validation === undefined) return {};
  await use.tell(() => callbacks.onValidationBegin?.(epoch));
  watch.onPhase('validating');
  const sums = await judge(model, validation, { batchSize, ...(signal && { signal }) });
  return validationLogs(logsOf(model.compiled, sums));
}

/** Length of the last axis of an output. */
const widthOf = (model: Model): number => model.sampleShapes.y.at(-1) ?? 1;

/** How data is judged; with `predictions`, the outputs of all samples are written there. */
export interface JudgeOptions {
  batchSize: number;
  signal?: AbortSignal;
  predictions?: Float32Array;
}

/** Sums of losses and states of metrics over samples in order, without learning. */
export async function judge(model: Model, samples: Samples, options: JudgeOptions): Promise<Sums> {
  let sums = nothing();
  const start = (batch: Batch) => model.startJudging(batch);
  const batches = new BatchesAhead(model.compiled.runtime, samples, inOrder(samples.length, options.batchSize));
  try {
    for (let done = batches.next(start); done !== undefined; done = batches.next(start)) {
      const { result, indices } = done;
      const { prediction: outputs } = result;
      options.predictions?.set(outputs, (indices[0]! * outputs.length) / indices.length);
      sums = addBatch(model.compiled, sums, result, indices.length, widthOf(model));
      await letOthersRun();
      options.signal?.throwIfAborted();
    }
  } finally {
    batches.dispose();
  }
  return sums;
}

function* inOrder(length: number, batchSize: number): Generator<Uint32Array> {
  for (let first = 0; first < length; first += batchSize) {
    yield Uint32Array.from({ length: Math.min(batchSize, length - first) }, (_, i) => first + i);
  }
}

/** Judges; see Model.evaluate. */
export async function evaluateModel(
  model: Model,
  data: FitData | PartsFitData,
  options: EvaluateOptions,
): Promise<Logs> {
  checkOptions('evaluate', options, ['batchSize', 'signal']);
  const batchSize = integerOption('evaluate', 'batchSize', options.batchSize ?? 32, 1);
  const samples = samplesOf('evaluate', model.packed('evaluate', data), model.sampleShapes, model.compiled.loss);
  return logsOf(model.compiled, await judge(model, samples, { ...options, batchSize }));
}

/** Predicts; see Model.predict. */
export async function predictWith(
  model: Model,
  given: ArrayData | ByPart<ArrayData>,
  options: EvaluateOptions,
): Promise<Tensor> {
  checkOptions('predict', options, ['batchSize', 'signal']);
  const batchSize = integerOption('predict', 'batchSize', options.batchSize ?? 32, 1);
  const { x: shape } = model.sampleShapes;
  const { runtime } = model;
  const x = packed('predict', 'x', given, model.parts.inputs);
  const rows = rowsOf('predict', 'x', x, shape);
  return predictAll(model, rows.count, (indices) => asFloat(gather(runtime, rows, indices, shape)), {
    ...options,
    batchSize,
  });
}

/** Outputs of `count` samples that `read` makes, batch after batch. */
async function predictAll(
  model: Model,
  count: number,
  read: (indices: Uint32Array) => Tensor,
  options: { batchSize: number; signal?: AbortSignal },
): Promise<Tensor> {
  const { y: shape } = model.sampleShapes;
  const width = sizeOf(shape);
  const outputs = new Float32Array(count * width);
  for (const indices of inOrder(count, options.batchSize)) {
    const input = read(indices);
    outputs.set(
      scope(() => model.predictOnBatch(input).data()),
      indices[0]! * width,
    );
    input.dispose();
    await letOthersRun();
    options.signal?.throwIfAborted();
  }
  return tensor(model.runtime, outputs, [count, ...shape]);
}

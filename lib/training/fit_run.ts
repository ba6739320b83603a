/** `model.fit` with `run`: a training of a model that is compiled already, on data that are there, in a run folder. */
import { callbacksFrom, callbackWords, deciding } from '../callbacks/index.js';
import { lossConfig, metricConfig, modelConfig, modelFromConfig, optimizerConfig } from '../config/index.js';
import { ArgumentError, checkOptions, DataError, integerOption, show } from '../errors/index.js';
import {
  checkCallbacks,
  checkStream,
  classWeightOption,
  cutData,
  type EpochLogs,
  expectWeighable,
  type FitOptions,
  fitOptionNames,
  type Model,
  type RunData,
  type RunFit,
  samplesOf,
  type TakenModel,
  type Watch,
  watchOf,
} from '../models/index.js';
import { checkpointPath, loadWeights, type TrainResult, weightsHash, weightsPath } from '../runs/index.js';
import type { Runtime } from '../runtime/index.js';
import { checkSettings, dataGiven, settingsFor, type TrainOptions, withDefaults } from '../settings/index.js';
import { openFitData } from '../tasks/index.js';
import { logsOfEpoch } from './callbacks.js';
import type { TrainHooks } from './hooks.js';
import { beginIn, resumeIn, type Take } from './in_folder.js';
import { checkTraining } from './train.js';
import { Training, type TrainingParts } from './training.js';

const who = 'fit';

/** Options that a run folder has no place for. */
const without = ['initialEpoch', 'from'] as const;

/** Throws ArgumentError for what cannot be asked for together; the settings under `run`. */
function checkRun(options: FitOptions): NonNullable<FitOptions['run']> {
  checkOptions(who, options, fitOptionNames);
  const { run = {}, shuffle = true } = options;
  checkOptions(`${who} run`, run, settingsFor('fit'));
  // A network and data are what `fit` has; the table wants both named.
  checkSettings(`${who} run`, { model: who, data: dataGiven, ...run });
  if (run.out === undefined && run.resume === undefined) {
    throw new ArgumentError({ who, expected: 'run to have out, or resume to go on', got: show(run) });
  }
  const unkept = without.find((name) => options[name] !== undefined);
  if (unkept !== undefined) {
    const hint = 'a run begins with its first step, or goes on by resume';
    throw new ArgumentError({ who, expected: `no ${unkept} beside run`, got: show(options[unkept]), hint });
  }
  if (shuffle !== true) throw new ArgumentError({ who, expected: 'shuffle to be true beside run', got: show(shuffle) });
  return run;
}

/** Throws ArgumentError, by its name, for a class of the user's own without a way back: nothing could bind it. */
function expectBound(model: Model): void {
  const { optimizer, loss, metrics, weightedMetrics } = model.compiled;
  modelConfig(model);
  optimizerConfig(optimizer);
  lossConfig(loss);
  for (const metric of [...metrics, ...weightedMetrics]) metricConfig(metric);
}

/** Throws ArgumentError for weights of samples: neither the digest of data nor a receipt holds them. */
function expectNoSampleWeight(...all: readonly (RunData | undefined)[]): void {
  if (!all.some((data) => data !== undefined && 'sampleWeight' in data && data.sampleWeight !== undefined)) return;
  const hint = 'classWeight is a setting of the run';
  throw new ArgumentError({ who, expected: 'no sampleWeight beside run', got: 'it', hint });
}

/** What a runtime says of itself, as settings. */
function settingsOf({ device, isa, mode, threads, atomic, arrivalSeed }: Runtime): Partial<TrainOptions> {
  return {
    device,
    mode,
    threads,
    ...(device === 'cpu' && { isa: isa as TrainOptions['isa'] }),
    ...(atomic.length > 0 && { atomic }),
    ...(arrivalSeed !== undefined && { arrivalSeed }),
  };
}

/** Progress and TensorBoard of a fit, as hooks of a training. */
const hooksOf = (watch: Watch, model: Model, signal: AbortSignal | undefined): TrainHooks => ({
  onPhase: watch.onPhase,
  onStep: (step) => watch.onStep(step, model.iterations),
  onEpoch: watch.onEpoch,
  ...(signal && { signal }),
});

/** A fit that leaves a run folder; see Model.fit. */
export const fitRun: RunFit = async (taken, given, options) => {
  checkStream(who, given, options);
  const run = checkRun(options);
  const { model } = taken;
  const { runtime, seed, loss } = model.compiled;
  const { epochs, batchSize, callbacks: told = {}, classWeight, signal, tensorboard } = options;
  const judged = options.validationData && model.packed(who, options.validationData);
  const { data, validationData } = cutData(
    who,
    model.packed(who, given),
    { ...options, validationData: judged },
    model.sampleShapes,
  );
  expectNoSampleWeight(data, validationData);
  if (classWeight !== undefined) {
    classWeightOption(who, classWeight, model.sampleShapes.y);
    expectWeighable(who, 'classWeight', loss);
  }
  const callbacks = checkCallbacks(told);
  const words = callbackWords(who, deciding(callbacks));
  expectBound(model);
  if (run.resume === undefined && model.iterations > 0) {
    const hint = 'compile it again, or go on with its run by resume';
    const expected = 'a model that has not learnt since compile beside run';
    throw new ArgumentError({ who, expected, got: `one after ${model.iterations} steps`, hint });
  }
  const known = {
    model: model.name,
    data: dataGiven,
    ...(batchSize !== undefined && { batchSize: integerOption(who, 'batchSize', batchSize, 1) }),
    ...(epochs !== undefined && { epochs: integerOption(who, 'epochs', epochs, 1) }),
    seed,
    ...settingsOf(runtime),
    ...(classWeight !== undefined && { classWeight }),
    ...(words.length > 0 && { callbacks: words }),
    ...(tensorboard !== undefined && { tensorboard }),
    ...run,
  };
  const settings = (): TrainOptions => withDefaults({ epochs: 1, ...known });
  if (run.resume === undefined) checkTraining(who, settings(), run.out);
  signal?.throwIfAborted();
  const parts = { data, validationData, shapes: model.sampleShapes, signal };
  const dataset = await openFitData(who, model.parts.outputs.length > 1 ? { ...parts, targets: 'value' } : parts);
  for (const split of [dataset.train, dataset.validation]) {
    if (split !== undefined) samplesOf(who, split, model.sampleShapes, loss);
  }
  const watch = watchOf(who, options);
  const kept = { ...taken, dataset, callbacks };
  const hooks = hooksOf(watch, model, signal);
  const take: Take = (all, told, from) => trainingOf(kept, all, told, from).run();
  try {
    const { resume } = run;
    const result =
      resume === undefined
        ? await beginIn(run.out, { options: settings(), hooks, take })
        : await resumeIn({ ...known, resume }, hooks, {
            take,
            check: (all, out) => void checkTraining(who, all, out),
            checkSources: async () => {},
            finished: async (all, done) => finished(trainingOf(kept, all, hooks, undefined), resume, done),
          });
    return historyOf(result);
  } finally {
    watch.stop();
  }
};

type Kept = TakenModel & Pick<TrainingParts, 'dataset'> & Required<Pick<TrainingParts, 'callbacks'>>;

/**
 * Whether the weights of a compiled model are those that its seed gives, as a network made of its config has them: only then
 * the seed alone tells how the run begins. False for a network of classes that cannot be made here.
 */
function isFromSeed(model: Model): boolean {
  const { runtime, seed, loss } = model.compiled;
  try {
    using again = modelFromConfig(modelConfig(model)).compile({ runtime, seed, loss, optimizer: 'sgd' });
    return weightsHash(again) === weightsHash(model);
  } catch (error) {
    if (error instanceof ArgumentError || error instanceof DataError) return false;
    throw error;
  }
}

/** The training of a model that fit has taken. */
function trainingOf(
  { model, fit, dataset, callbacks }: Kept,
  options: TrainOptions,
  hooks: TrainHooks,
  from: string | undefined,
): Training {
  const out = options.out ?? options.resume;
  // A run that goes on has those that decide from its settings, unless they are given again.
  const asked = deciding(callbacks).length > 0 ? [] : callbacksFrom(who, options.callbacks ?? []);
  const { runtime } = model.compiled;
  const sources = {
    model: { kind: 'object', name: model.name },
    data: { kind: 'object', name: 'object' },
  } as const;
  const key = checkTraining(who, options, out);
  const parts = { options, hooks, dataset, model, runtime, out, from, wholeEpochs: options.epochs, sources, key };
  return new Training({
    ...parts,
    learn: fit,
    callbacks: [...asked, ...callbacks],
    isFromSeed: from !== undefined || isFromSeed(model),
  });
}

/** A run that has all its epochs: the model gets the state in which it ended, and the weights that a callback gave it then. */
function finished(training: Training, folder: string, result: TrainResult): TrainResult {
  training.restore(checkpointPath(folder));
  const { model } = training.parts;
  const ended = result.epochs.find((epoch) => epoch.weightsHash === result.weightsHash);
  if (ended !== undefined && ended !== result.epochs.at(-1)) loadWeights(model, weightsPath(folder, ended.epoch));
  return result;
}

const historyOf = ({ epochs }: TrainResult): EpochLogs[] => epochs.map(logsOfEpoch);

/** One training from its options to its result, as `samebits train` runs it. */
import { openDataset } from '../data/index.js';
import { ArgumentError, integerOption, seedOption, show, wordOption } from '../errors/index.js';
import { modelEntry } from '../models/index.js';
import { createRuntime } from '../runtime/index.js';
import { traceLevels } from '../trace/index.js';
import { checkpointPath } from './checkpoint.js';
import { checkFlip } from './flip.js';
import type { GivenState } from './given_state.js';
import { expectNewFolder } from './run_folder.js';
import { Trial } from './running.js';
import { readPrivateKey } from './signature.js';
import { runtimeOptionsOf } from './sources.js';
import { checkpointChoices, type TrainHooks, type TrainOptions, type TrainResult } from './trial.js';

/**
 * Trains a model of the table as `options` say and resolves with what `samebits train --json` prints. With `out` the
 * run folder is written; with `resume` a stopped run goes on, in its own folder unless `out` is given. When
 * `hooks.signal` aborts, the run folder gets a checkpoint at the end of the step and the promise rejects with the
 * signal's reason. Throws before any work what is wrong with the options, the data or the folder.
 */
export function trainTrial(options: TrainOptions, hooks: TrainHooks = {}): Promise<TrainResult> {
  const { resume } = options;
  return trainFrom(options, hooks, resume === undefined ? undefined : checkpointPath(resume));
}

/** The key that signs the receipt, if any. Throws ArgumentError for options of a run folder when there is none. */
function checkKept({ checkpoints, sign, trace, traceValues, keepSteps }: TrainOptions, out: string | undefined) {
  if (checkpoints !== undefined) wordOption('train', 'checkpoints', checkpoints, checkpointChoices);
  if (trace !== undefined) wordOption('train', 'trace', trace, traceLevels);
  if (traceValues !== undefined) integerOption('train', 'traceValues', traceValues, 0);
  if (keepSteps !== undefined) integerOption('train', 'keepSteps', keepSteps, 0);
  const all = checkpoints === 'all' && checkpoints;
  const kept = Object.entries({ checkpoints: all, trace, traceValues, keepSteps, sign });
  const [name, value] = kept.find(([, value]) => value) ?? [];
  if (value && out === undefined) {
    throw new ArgumentError({ who: 'train', expected: `out, a folder to keep ${name} ${show(value)} in`, got: 'none' });
  }
  return sign === undefined ? undefined : readPrivateKey('train', sign);
}

/**
 * Trains as `trainTrial` does, beginning with the checkpoint in the file `from` or with a given state, as a part of a
 * training of `wholeEpochs`.
 */
export async function trainFrom(
  options: TrainOptions,
  hooks: TrainHooks,
  from: string | GivenState | undefined,
  wholeEpochs = options.epochs,
): Promise<TrainResult> {
  const { model: name, imageSize, resume, out = resume, signal } = { ...options, ...hooks };
  const entry = modelEntry('train', name, imageSize);
  integerOption('train', 'epochs', options.epochs, 1);
  integerOption('train', 'batchSize', options.batchSize, 1);
  seedOption('train', 'seed', options.seed);
  if (options.flip !== undefined) checkFlip(options.flip);
  const key = checkKept(options, out);
  signal?.throwIfAborted();
  if (out !== undefined && out !== resume) expectNewFolder(out);
  using runtime = createRuntime(runtimeOptionsOf(options));
  hooks.onPhase?.('reading pictures');
  const dataset = await openDataset({
    source: options.data,
    imageSize,
    damaged: options.damaged,
    ...(options.validation !== undefined && { validation: options.validation }),
    ...(options.samples !== undefined && { samples: options.samples }),
    ...(signal && { signal }),
  });
  try {
    signal?.throwIfAborted();
    const classes = dataset.classNames.length;
    using model = entry.build({ imageSize, classes });
    model.compile({ runtime, loss: entry.loss(classes), metrics: ['accuracy'], seed: options.seed });
    return await new Trial({ options, hooks, dataset, model, runtime, out, from, wholeEpochs, key }).run();
  } finally {
    dataset.dispose();
  }
}

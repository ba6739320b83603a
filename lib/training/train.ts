/** One training from its options to its result, as `samebits train` runs it. */
import { existsSync } from 'node:fs';
import { callbacksFrom } from '../callbacks/index.js';
import { type Dataset, pathOfData } from '../data/index.js';
import { Meter } from '../energy/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import { beginWithWeights, expectWeightsFile } from '../exchange/index.js';
import type { Model, ModelDefinition } from '../models/index.js';
import { parseCheckpoint, readPrivateKey, readSafetensors, readSettings, type TrainResult } from '../runs/index.js';
import { createRuntime } from '../runtime/index.js';
import {
  checkSettings,
  dataGiven,
  inNeed,
  type ResumeRequest,
  runtimeOptionsOf,
  type TrainOptions,
  type TrainRequest,
  withDefaults,
} from '../settings/index.js';
import {
  arePictures,
  checkModel,
  expectData,
  expectModule,
  openTask,
  readHooksOf,
  taskSettingsOf,
} from '../tasks/index.js';
import { checkTensorboard, type LiveEvents, liveEvents } from '../tensorboard/index.js';
import type { GivenState } from './given_state.js';
import { type TrainHooks, trainHookNames } from './hooks.js';
import { beginIn, resumeIn, type Take } from './in_folder.js';
import { Training } from './training.js';

/**
 * Trains a model of the table as `options` say and resolves with what `samebits train --json` prints. With `out` the
 * run folder is written; with `resume` a stopped run goes on, in its own folder unless `out` is given, with the settings
 * it began with; a run that has all its epochs is not touched. When `hooks.signal` aborts, the run folder gets a
 * checkpoint at the end of the step and the promise rejects with the signal's reason. Throws before any work what is
 * wrong with the options, the data or the folder. Example: `await train({ resume: 'runs/first', epochs: 5 })`.
 */
export async function train(request: TrainRequest, hooks: TrainHooks = {}): Promise<TrainResult> {
  checkSettings('train', request);
  checkOptions('train', hooks, trainHookNames);
  return isResumed(request) ? resumeTraining(request, hooks) : beginTraining(withDefaults(request), hooks);
}

const isResumed = (request: TrainRequest): request is ResumeRequest => request.resume !== undefined;

async function beginTraining(options: TrainOptions, hooks: TrainHooks): Promise<TrainResult> {
  checkTraining('train', options, options.out);
  if (options.weights !== undefined) expectWeightsFile('train', options.weights);
  const { sha256: module } = await checkModel('train', taskSettingsOf(options));
  hooks.signal?.throwIfAborted();
  return beginIn(options.out, { options, hooks, take, module });
}

const take: Take = (options, hooks, from) => trainFrom(options, hooks, { from });

const resumeTraining = (request: ResumeRequest, hooks: TrainHooks): Promise<TrainResult> =>
  resumeIn(request, hooks, {
    take,
    check: (options, out) => {
      expectNamed(request.resume);
      checkTraining('train', options, out);
    },
    checkSources,
    finished: async (_options, result) => result,
  });

/** Throws ArgumentError for a run of `model.fit`: its network and data are values of a program, which no setting names. */
function expectNamed(folder: string): void {
  if (readSettings(folder).settings.data !== dataGiven) return;
  const hint = `go on with it by model.fit(data, { run: { resume: ${show(folder)} } })`;
  throw new ArgumentError({
    who: 'resume',
    expected: 'a run of train',
    got: `${show(folder)}, a run of model.fit`,
    hint,
  });
}

/** Refuses to go on with a run whose data lie elsewhere now, or whose module is another one now, before that is run. */
async function checkSources({ model, data, validation }: TrainOptions, module: string | undefined): Promise<void> {
  for (const [name, folder] of Object.entries({ data: pathOfData(data), validation })) {
    if (folder === undefined || existsSync(folder)) continue;
    const hint = `say by ${name} where they lie now`;
    throw new ArgumentError({
      who: 'resume',
      expected: `the data of the run in ${show(folder)}`,
      got: 'none',
      hint,
    });
  }
  if (module !== undefined) await expectModule('resume', model, module);
}

/** What can be refused without data and folder; the key that signs the receipt, if any. */
export function checkTraining(who: string, options: TrainOptions, out: string | undefined) {
  const lacking = inNeed({ ...options, out });
  if (lacking !== undefined) {
    const what = `${lacking.name} ${show(options[lacking.name])}`;
    const expected = lacking.needs === 'out' ? `out, a folder to keep ${what} in` : `${lacking.needs} beside ${what}`;
    throw new ArgumentError({ who, expected, got: 'none' });
  }
  callbacksFrom(who, options.callbacks ?? []);
  checkTensorboard(who, options.tensorboard);
  return options.sign === undefined ? undefined : readPrivateKey(who, options.sign);
}

/** Where a training begins, if not with its first step, and what it is a part of. */
export interface TrainFrom {
  /** The file of a checkpoint, or a state that is given. */
  from?: string | GivenState | undefined;
  /** Epochs of the training of which this one is a part. Default those of the options. */
  wholeEpochs?: number;
  /** The network, where it is not the one that the options name. */
  model?: ModelDefinition | undefined;
}

/** Trains as `train` does, from where it is told; the folder, if any, has been claimed. */
export async function trainFrom(
  options: TrainOptions,
  hooks: TrainHooks,
  { from, wholeEpochs = options.epochs, model: own }: TrainFrom = {},
): Promise<TrainResult> {
  const { resume, out = resume, signal } = { ...options, ...hooks };
  const key = checkTraining('train', options, out);
  signal?.throwIfAborted();
  using runtime = createRuntime(runtimeOptionsOf(options));
  const meter = out === undefined ? undefined : new Meter(options.device);
  const live = options.tensorboard === undefined ? undefined : liveEvents('train', options.tensorboard);
  try {
    const settings = {
      ...taskSettingsOf(options),
      ...(own && { model: own, modelOptions: undefined }),
      // Who signs vouches for the data that the receipt names.
      ...(key !== undefined && arePictures(options) && { dataCheck: 'contents' as const }),
    };
    using task = await openTask(settings, { who: 'train', ...readHooksOf(hooks) });
    signal?.throwIfAborted();
    const { dataset, source, dataSource } = task;
    if (typeof from === 'string') expectDataOf(from, options, dataset);
    const model = task.compile(runtime);
    if (from === undefined && options.weights !== undefined) await beginTuning(model, options.weights, hooks);
    const told = live === undefined ? hooks : joined(live, hooks);
    const sources = { model: source, data: dataSource };
    const isFromSeed = options.weights === undefined;
    const parts = { options, hooks: told, dataset, model, runtime, out, from, wholeEpochs, isFromSeed, sources, key };
    return await new Training({ ...parts, meter }).run();
  } finally {
    meter?.stop();
    live?.stop();
  }
}

/** Puts the weights of a file into a compiled model, and notes what kept its first values. */
async function beginTuning(model: Model, file: string, { onNote }: TrainHooks): Promise<void> {
  const { matched, missing, otherShape } = await beginWithWeights('train', model, file);
  const first = [...missing, ...otherShape];
  const rest = first.length === 0 ? '' : `; ${first.join(', ')} begin with the seed`;
  onNote?.(`${matched.length} weights of ${file}${rest}`);
}

/** Throws ArgumentError, naming them, for other data than those of the training that a checkpoint is of. */
function expectDataOf(checkpoint: string, { data }: TrainOptions, { digest }: Dataset): void {
  const recorded = parseCheckpoint(checkpoint, readSafetensors(checkpoint)).identity['dataHash'];
  expectData('resume', data, { recorded: String(recorded), found: digest });
}

/** Hooks that tell TensorBoard, too. */
const joined = (live: LiveEvents, hooks: TrainHooks): TrainHooks => ({
  ...hooks,
  onStep: (step) => {
    live.onStep(step);
    hooks.onStep?.(step);
  },
  onEpoch: (epoch, epochs) => {
    live.onEpoch(epoch);
    hooks.onEpoch?.(epoch, epochs);
  },
});

/** A training under way: its steps, its epochs, and the files it leaves in its run folder. */
import type { KeyObject } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { callbacksFrom } from '../callbacks/index.js';
import type { Dataset, Split } from '../data/index.js';
import { Meter, type Usage } from '../energy/index.js';
import { validationName } from '../metrics/index.js';
import {
  classWeightOption,
  type EpochLogs,
  expectWeighable,
  type FitCallbacks,
  joined,
  judge,
  logsOf,
  type Model,
  namesOf,
  type Progress,
  samplesOf,
  type TakenModel,
  type TrainBegin,
} from '../models/index.js';
import type { EpochResult, Receipt, TrainResult } from '../runs/index.js';
import {
  type CompiledFacts,
  checkpointPath,
  compiledFacts,
  epochCheckpointPath,
  forgetStepsAfter,
  type Identity,
  keptPlaces,
  meansFrom,
  networkHash,
  readCheckpoint,
  readUsage,
  runSizeOf,
  type State,
  stateOf,
  takeAlong,
  weightsHash,
  weightsIn,
  writeCheckpoint,
  writeData,
  writeEpochWeights,
  writeHistory,
  writeInitial,
  writePredictions,
  writeReceipt,
  writeResult,
  writeSettings,
  writeStepWeights,
  writeUsage,
} from '../runs/index.js';
import { capabilities, type Runtime } from '../runtime/index.js';
import type { TrainOptions } from '../settings/index.js';
import { identityOf } from '../settings/index.js';
import { sizeOf } from '../tensor/index.js';
import { hashTensors, type StoredTensor, type Tree, treeOf } from '../trace/index.js';
import { BitFlip } from './bit_flip.js';
import { logsOfEpoch } from './callbacks.js';
import { beginWith, type GivenState } from './given_state.js';
import type { TrainHooks } from './hooks.js';
import { openTracing, type Tracing } from './tracing.js';

/** What a trial runs with: all of it opened and checked. */
export interface TrainingParts {
  options: TrainOptions;
  hooks: TrainHooks;
  dataset: Dataset;
  model: Model;
  runtime: Runtime;
  /** Run folder; undefined writes nothing. */
  out: string | undefined;
  /** File of the checkpoint to go on from, or a state that was given; undefined begins with the first step. */
  from: string | GivenState | undefined;
  /** Epochs of the training of which this one is a part, or the whole. */
  wholeEpochs: number;
  /** Whether the first weights are those of the seed. Default true. */
  isFromSeed?: boolean;
  /** Where model and data come from. */
  sources: Receipt['sources'];
  /** Key that signs the receipt. */
  key: KeyObject | undefined;
  /** Who steps the model, where somebody has taken it already. Default `model.fit`. */
  learn?: TakenModel['fit'];
  /** Measures what the training takes, from before its data are opened. Default: from its first step on. */
  meter?: Meter | undefined;
  /** Told beside the training's own. Default: those that the options name. */
  callbacks?: readonly FitCallbacks[];
}

/** One training; `run` is called once. */
export class Training {
  readonly #identity: Identity;
  #state: State = {
    iterations: 0,
    progress: { epoch: 0, step: 0, loss: 0, samples: 0, metrics: {} },
    epochs: [],
    trees: [],
    stepSeconds: [],
    epochSeconds: 0,
  };
  #predictions: Float32Array | undefined;
  #tracing: Tracing | undefined;
  readonly #flip: BitFlip | undefined;
  /** Steps, over all epochs, after which the weights are kept. */
  readonly #kept: ReadonlySet<number>;
  readonly #stepsInEpoch: number;
  /** What the model was compiled to; callbacks may change its rate. */
  readonly #compile: CompiledFacts;
  readonly #callbacks: FitCallbacks;
  /** Whether a callback has asked for an end in the epoch under way. */
  #stops = false;
  #clock = performance.now();
  /** What the processes before took, and what measures this one; without a folder nothing does. */
  #spent: readonly Usage[] = [];
  #meter: Meter | undefined;

  constructor(readonly parts: TrainingParts) {
    const { options, dataset } = parts;
    const { batchSize, flip, keepSteps } = options;
    const { contract } = capabilities();
    const { classWeight, callbacks: words = [] } = options;
    this.#compile = compiledFacts(parts.model);
    this.#callbacks = joined(parts.callbacks ?? callbacksFrom('train', words));
    if (classWeight !== undefined) {
      classWeightOption('train', classWeight, parts.model.sampleShapes.y);
      expectWeighable('train', 'classWeight', parts.model.compiled.loss);
    }
    this.#identity = { contract, dataHash: dataset.digest, ...identityOf(options), ...boundBy(parts) };
    this.#stepsInEpoch = Math.ceil(dataset.train.length / batchSize);
    const steps = parts.wholeEpochs * this.#stepsInEpoch;
    this.#flip = flip && new BitFlip(parts.model, flip, steps);
    this.#kept = new Set(keepSteps ? keptPlaces(steps, keepSteps) : []);
  }

  /** Puts the model where its checkpoint is, without a step. */
  restore(checkpoint: string): void {
    this.#state = readCheckpoint(checkpoint, this.parts.model, this.#identity);
  }

  async run(): Promise<TrainResult> {
    const { options, hooks, model, dataset, from } = this.parts;
    const callbacks = this.#callbacks;
    const { learn = (data, how) => model.fit(data, how) } = this.parts;
    if (typeof from === 'string') this.restore(from);
    else if (from !== undefined) this.#state = beginWith(from, model, this.#stepsInEpoch);
    const tree = treeOf(stateOf(model));
    if (from === undefined) this.#state.trees.push(tree);
    this.#tellState(this.#state.progress.epoch, tree);
    model.stopTraining = false;
    try {
      this.#measure();
      // What they refuse is refused before anything is written.
      const begin = { model, epochs: options.epochs, steps: this.#stepsInEpoch, ...this.#before() };
      await callbacks.onTrainBegin?.(begin);
      const stopped = model.stopTraining;
      this.#tellSize();
      this.#begin(tree);
      this.#clock = performance.now();
      await learn(dataset.train, {
        epochs: options.epochs,
        batchSize: options.batchSize,
        ...(options.classWeight && { classWeight: options.classWeight }),
        from: this.#state.progress,
        ...(hooks.signal && { signal: hooks.signal }),
        callbacks: {
          ...joined([
            {
              ...this.#tracing?.callbacks,
              onEpochBegin: (epoch) => {
                this.#flip?.beginStep();
                return this.#tracing?.callbacks.onEpochBegin?.(epoch);
              },
              onBatchEnd: ({ progress, loss }) => this.#afterStep(progress, loss),
            },
            callbacks,
            { onBatchEnd: () => this.#stopLater() },
          ]),
          onTrainBegin: () => {
            model.stopTraining = stopped;
          },
          onEpochEnd: (epoch) => this.#afterEpoch(epoch),
        },
      });
      this.#tracing?.end();
    } catch (error) {
      if (hooks.signal?.aborted && error === hooks.signal.reason) {
        this.#tracing?.recorder.sync();
        this.#checkpoint();
        this.#tellUsage();
      }
      this.#meter?.stop();
      throw error;
    } finally {
      this.#flip?.end();
      this.#tracing?.close();
    }
    return this.#finish();
  }

  /** Says how large the folder will be: the epochs to come where it goes on in its own, all of them elsewhere. */
  #tellSize(): void {
    const { hooks, options, out, model, dataset, from, isFromSeed = true } = this.parts;
    if (out === undefined || hooks.onSize === undefined) return;
    const isOwn = from !== undefined && (options.resume ?? out) === out;
    const done = isOwn ? this.#state.progress.epoch : 0;
    hooks.onSize(
      runSizeOf({
        ...{ options, model, epochs: options.epochs - done, stepsInEpoch: this.#stepsInEpoch },
        keptSteps: [...this.#kept].filter((step) => step > done * this.#stepsInEpoch).length,
        ...{ validation: dataset.validation?.length ?? 0, initial: !isFromSeed },
      }),
    );
  }

  /** Begins to measure what this process takes, beside what those before it took. */
  #measure(): void {
    const { out, from, options, runtime, meter } = this.parts;
    if (out === undefined) return;
    this.#spent = from === undefined ? [] : readUsage(options.resume ?? out);
    this.#meter = meter ?? new Meter(runtime.device);
  }

  #tellUsage(): void {
    const { out } = this.parts;
    if (out !== undefined && this.#meter !== undefined) writeUsage(out, [...this.#spent, this.#meter.usage()]);
  }

  /** A training that is kept has whole epochs: a callback's end waits for the last step. */
  #stopLater(): void {
    const { model } = this.parts;
    this.#stops ||= model.stopTraining;
    model.stopTraining = false;
  }

  /** What callbacks are told of the epochs before this training goes on. */
  #before(): Pick<TrainBegin, 'measures' | 'done' | 'weightsAfter'> {
    const { model, dataset, from, options, out } = this.parts;
    const names = namesOf(model);
    const measures = dataset.validation === undefined ? names : [...names, ...names.map(validationName)];
    if (typeof from === 'object') return { measures, done: from.done ?? [] };
    const folder = options.resume ?? out;
    return {
      measures,
      done: this.#state.epochs.map(logsOfEpoch),
      weightsAfter: (epoch) => (folder === undefined ? undefined : weightsIn(folder, epoch + 1, model)),
    };
  }

  #begin(tree: Tree): void {
    const { out, options, model, dataset, isFromSeed = true } = this.parts;
    if (out === undefined) return;
    const parts = { options, model, identity: this.#identity, out, goesOn: this.parts.from !== undefined };
    this.#tracing = openTracing(parts, this.#state.progress);
    // The trace reaches as far as any checkpoint, so that both can be gone on with.
    if (this.parts.from === undefined) this.#tracing?.epoch(0, tree);
    else takeAlong(options.resume ?? out, out, this.#state.epochs.length);
    if (this.parts.from === undefined && !isFromSeed) writeInitial(out, model);
    this.#checkpoint();
    // The pictures may have moved, and the epochs be more. An earlier receipt stays until there is a new one.
    writeSettings(out, options, this.parts.sources.model.sha256);
    writeData(out, dataset.description);
    forgetStepsAfter(out, this.#state.iterations);
    this.#tracing?.startAt(this.#state.progress);
  }

  #tellState(epoch: number, tree: Tree): void {
    const { hooks, dataset, model } = this.parts;
    const { digest: dataHash, classNames, train: form } = dataset;
    const compile = this.#compile;
    hooks.onState?.({ epoch, dataHash, classNames, compile, form, tree, tensors: () => stateOf(model) });
  }

  #afterStep(progress: Progress, loss: number): void {
    this.#flip?.endStep();
    this.#tracing?.step(loss);
    const seconds = this.#lap();
    this.#state.stepSeconds.push(seconds);
    this.#state = {
      ...this.#state,
      iterations: this.parts.model.iterations,
      progress,
      epochSeconds: this.#state.epochSeconds + seconds,
    };
    this.#keep();
    this.#meter?.sample();
    const { options, hooks } = this.parts;
    const { epochs } = options;
    hooks.onStep?.({ epoch: progress.epoch + 1, epochs, step: progress.step, steps: this.#stepsInEpoch, loss });
  }

  /** Keeps the weights after a step that was asked for; the time that takes is no part of any step. */
  #keep(): void {
    const { out, model } = this.parts;
    if (out === undefined || !this.#kept.has(this.#state.iterations)) return;
    writeStepWeights(out, model, this.#state.iterations);
    this.#lap();
  }

  async #afterEpoch({ epoch, logs }: EpochLogs): Promise<void> {
    const { options, hooks, dataset, model, out } = this.parts;
    const { validation } = dataset;
    this.#flip?.pause();
    this.#tracing?.pause();
    if (validation !== undefined) await this.#callbacks.onValidationBegin?.(epoch);
    const judged = validation === undefined ? undefined : await this.#validate(validation);
    const result: EpochResult = {
      epoch: epoch + 1,
      ...meansFrom(logs, judged),
      seconds: this.#state.epochSeconds + this.#lap(),
      weightsHash: weightsHash(model),
    };
    this.#state = {
      ...this.#state,
      progress: { epoch: epoch + 1, step: 0, loss: 0, samples: 0, metrics: {} },
      epochs: [...this.#state.epochs, result],
      trees: [...this.#state.trees, treeOf(stateOf(model))],
      epochSeconds: 0,
    };
    this.#tracing?.epoch(result.epoch, this.#state.trees.at(-1)!);
    if (out !== undefined) {
      writeEpochWeights(out, model, result.epoch);
      writeHistory(out, this.#state.epochs);
      if (options.checkpoints === 'all') this.#checkpoint(epochCheckpointPath(out, result.epoch));
      this.#tellUsage();
      // Last: a training that goes on from it writes none of the others again.
      this.#checkpoint();
    }
    this.#lap();
    this.#tellState(result.epoch, this.#state.trees.at(-1)!);
    hooks.onEpoch?.(result, options.epochs);
    await this.#callbacks.onEpochEnd?.(logsOfEpoch(result));
    model.stopTraining ||= this.#stops;
  }

  async #validate(split: Split): Promise<Record<string, number>> {
    const { model, hooks, options } = this.parts;
    hooks.onPhase?.('validating');
    const { y: shape } = model.sampleShapes;
    const predictions = new Float32Array(split.length * sizeOf(shape));
    const sums = await judge(model, samplesOf('train', split, model.sampleShapes, model.compiled.loss), {
      batchSize: options.batchSize,
      predictions,
      ...(hooks.signal && { signal: hooks.signal }),
    });
    this.#predictions = predictions;
    return logsOf(model.compiled, sums);
  }

  async #finish(): Promise<TrainResult> {
    const { options, model, dataset, runtime, out, key } = this.parts;
    const last = this.#state.epochs.at(-1);
    // A callback may have given the model other weights at the end.
    if (last !== undefined && last.weightsHash !== weightsHash(model)) this.#predictions = undefined;
    if (dataset.validation !== undefined && this.#predictions === undefined) await this.#validate(dataset.validation);
    const predictions: StoredTensor | null =
      this.#predictions === undefined
        ? null
        : {
            name: 'predictions',
            dtype: 'float32',
            shape: [dataset.validation!.length, ...model.sampleShapes.y],
            data: this.#predictions,
          };
    const { epochs, stepSeconds } = this.#state;
    const result: TrainResult = {
      target: runtime.target,
      contract: capabilities().contract,
      model: options.model,
      settings: options,
      classNames: dataset.classNames,
      threads: runtime.threads,
      seed: options.seed,
      parameters: model.countParams().trainable,
      dataHash: dataset.digest,
      weightsHash: weightsHash(model),
      predictionsHash: predictions && hashTensors([predictions]),
      stepSeconds,
      stepSecondsMedian: median(stepSeconds),
      peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
      ...(epochs.length < options.epochs && { stopped: true }),
      epochs,
    };
    if (out !== undefined) {
      writeHistory(out, epochs);
      if (predictions !== null) writePredictions(out, predictions);
      const facts = { result, compile: this.#compile, tensors: stateOf(model), trees: this.#state.trees };
      const { sources } = this.parts;
      writeReceipt(out, { ...facts, sources, form: dataset.train, key });
      this.#tellUsage();
      this.#meter?.stop();
      writeResult(out, result);
    }
    return result;
  }

  /** Writes a checkpoint: that of the run folder, or the one at `path`. */
  #checkpoint(path?: string): void {
    const { out, model } = this.parts;
    if (out !== undefined) writeCheckpoint(path ?? checkpointPath(out), model, this.#identity, this.#state);
  }

  /** Seconds since the last lap. */
  #lap(): number {
    const before = this.#clock;
    this.#clock = performance.now();
    return (this.#clock - before) / 1000;
  }
}

/** What a training is beside its settings: network, how it learns, and the code of a module of the user's own. */
function boundBy({ model, sources }: TrainingParts): Identity {
  const { network, ...learning } = compiledFacts(model);
  const { sha256: module } = sources.model;
  return {
    network: networkHash(network),
    learning: JSON.stringify(learning),
    ...(module !== undefined && { module }),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

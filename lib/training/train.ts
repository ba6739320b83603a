/** One training from its options to its result, as `samebits train` runs it. */
import { performance } from 'node:perf_hooks';
import { type Dataset, openDataset, type Split } from '../data/index.js';
import { integerOption, seedOption } from '../errors/index.js';
import { type EpochLogs, judge, logsOf, type Model, modelEntry, type Progress, samplesOf } from '../models/index.js';
import { capabilities, createRuntime, type Runtime } from '../runtime/index.js';
import { sizeOf } from '../tensor/index.js';
import { type Identity, readCheckpoint, type State, writeCheckpoint } from './checkpoint.js';
import { hashTensors } from './hash.js';
import { beginFolder, expectNewFolder, writeEpochWeights, writeHistory, writeResult } from './run_folder.js';
import type { StoredTensor } from './safetensors.js';
import type { EpochResult, TrainHooks, TrainOptions, TrainResult } from './trial.js';
import { weightsHash } from './weights.js';

/**
 * Trains a model of the table as `options` say and resolves with what `samebits train --json` prints. With `out` the
 * run folder is written; with `resume` a stopped run goes on, in its own folder unless `out` is given. When
 * `hooks.signal` aborts, the run folder gets a checkpoint at the end of the step and the promise rejects with the
 * signal's reason. Throws before any work what is wrong with the options, the data or the folder.
 */
export async function trainTrial(options: TrainOptions, hooks: TrainHooks = {}): Promise<TrainResult> {
  const { model: name, imageSize, resume, out = resume, signal } = { ...options, ...hooks };
  const entry = modelEntry('train', name, imageSize);
  integerOption('train', 'epochs', options.epochs, 1);
  integerOption('train', 'batchSize', options.batchSize, 1);
  seedOption('train', 'seed', options.seed);
  signal?.throwIfAborted();
  if (out !== undefined && out !== resume) expectNewFolder(out);
  const { device, isa, mode, threads } = options;
  using runtime = createRuntime({ device, isa, mode, ...(threads !== undefined && { threads }) });
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
    return await new Trial(options, hooks, dataset, model, runtime, out).run();
  } finally {
    dataset.dispose();
  }
}

class Trial {
  readonly #identity: Identity;
  #state: State = {
    iterations: 0,
    progress: { epoch: 0, step: 0, loss: 0, samples: 0, tallies: {} },
    epochs: [],
    stepSeconds: [],
    epochSeconds: 0,
  };
  #predictions: Float32Array | undefined;
  #clock = performance.now();

  constructor(
    readonly options: TrainOptions,
    readonly hooks: TrainHooks,
    readonly dataset: Dataset,
    readonly model: Model,
    readonly runtime: Runtime,
    readonly out: string | undefined,
  ) {
    const { model: name, imageSize, batchSize, seed, mode } = options;
    const { contract } = capabilities();
    this.#identity = { model: name, contract, imageSize, batchSize, seed, mode, dataHash: dataset.digest };
  }

  async run(): Promise<TrainResult> {
    const { options, hooks, model, dataset } = this;
    if (options.resume !== undefined) this.#state = readCheckpoint(options.resume, model, this.#identity);
    if (this.out !== undefined) beginFolder(this.out, () => this.#checkpoint());
    this.#clock = performance.now();
    try {
      await model.fit(dataset.train, {
        epochs: options.epochs,
        batchSize: options.batchSize,
        from: this.#state.progress,
        ...(hooks.signal && { signal: hooks.signal }),
        callbacks: {
          onBatchEnd: ({ progress, steps, loss }) => this.#afterStep(progress, steps, loss),
          onEpochEnd: (epoch) => this.#afterEpoch(epoch),
        },
      });
    } catch (error) {
      if (hooks.signal?.aborted && error === hooks.signal.reason) this.#checkpoint();
      throw error;
    }
    return this.#finish();
  }

  #afterStep(progress: Progress, steps: number, loss: number): void {
    const seconds = this.#lap();
    this.#state.stepSeconds.push(seconds);
    this.#state = {
      ...this.#state,
      iterations: this.model.iterations,
      progress,
      epochSeconds: this.#state.epochSeconds + seconds,
    };
    const { epochs } = this.options;
    this.hooks.onStep?.({ epoch: progress.epoch + 1, epochs, step: progress.step, steps, loss });
  }

  async #afterEpoch({ epoch, logs }: EpochLogs): Promise<void> {
    const { validation } = this.dataset;
    const judged = validation === undefined ? undefined : await this.#validate(validation);
    const result: EpochResult = {
      epoch: epoch + 1,
      loss: logs['loss']!,
      accuracy: logs['accuracy']!,
      valLoss: judged?.['loss'] ?? null,
      valAccuracy: judged?.['accuracy'] ?? null,
      seconds: this.#state.epochSeconds + this.#lap(),
      weightsHash: weightsHash(this.model),
    };
    this.#state = {
      ...this.#state,
      progress: { epoch: epoch + 1, step: 0, loss: 0, samples: 0, tallies: {} },
      epochs: [...this.#state.epochs, result],
      epochSeconds: 0,
    };
    if (this.out !== undefined) {
      writeEpochWeights(this.out, this.model, result.epoch);
      this.#checkpoint();
      writeHistory(this.out, this.#state.epochs);
    }
    this.#lap();
    this.hooks.onEpoch?.(result, this.options.epochs);
  }

  async #validate(split: Split): Promise<Record<string, number>> {
    const { model, hooks, options } = this;
    hooks.onPhase?.('validating');
    const { y: shape } = model.sampleShapes;
    const predictions = new Float32Array(split.length * sizeOf(shape));
    const sums = await judge(model, samplesOf('train', split, model.sampleShapes), {
      batchSize: options.batchSize,
      predictions,
      ...(hooks.signal && { signal: hooks.signal }),
    });
    this.#predictions = predictions;
    return logsOf(sums);
  }

  async #finish(): Promise<TrainResult> {
    const { options, model, dataset, runtime } = this;
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
      contract: this.#identity.contract,
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
      epochs,
    };
    if (this.out !== undefined) writeResult(this.out, result, predictions);
    return result;
  }

  #checkpoint(): void {
    if (this.out !== undefined) writeCheckpoint(this.out, this.model, this.#identity, this.#state);
  }

  /** Seconds since the last lap. */
  #lap(): number {
    const before = this.#clock;
    this.#clock = performance.now();
    return (this.#clock - before) / 1000;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

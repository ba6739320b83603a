/**
 * What one training is asked to do and what it tells afterwards, as plain data. `samebits train --json` prints a
 * `TrainResult`; experiments and reports read nothing else of a training.
 */
import type { DatasetDescription, PicturesProgress } from '../data/index.js';
import type { Device, Isa, Mode } from '../runtime/index.js';
import type { StoredTensor, TraceLevel, Tree } from '../trace/index.js';
import type { CompiledFacts } from './compiled_facts.js';
import type { Flip } from './flip.js';

/** The settings of one training; every value has been checked by the caller's command line or definition. */
export interface TrainOptions {
  model: string;
  /** A folder of class folders, a folder that holds `train/` and `validation/`, or `synthetic`. */
  data: string;
  validation?: string;
  /** Take this many training samples only. */
  samples?: number;
  /** Side of the square pictures, in pixels. */
  imageSize: number;
  epochs: number;
  batchSize: number;
  seed: number;
  device: Device;
  isa: Isa | 'auto';
  mode: Mode;
  /** Kernels joined as they arrive although the mode is deterministic. */
  atomic?: readonly string[];
  /** Seed of the order of arrival; absent means real arrival. */
  arrivalSeed?: number;
  /** A bit flipped on purpose. */
  flip?: Flip;
  /** Threads to compute with; absent means as many as the machine has cores. */
  threads?: number;
  /** Folder for weights, history, checkpoint and result; absent means nothing is written. */
  out?: string;
  /** Run folder of a training that was stopped, to go on with. */
  resume?: string;
  /** What happens when a picture cannot be read. */
  damaged: 'refuse' | 'skip';
  /** Pixels of the largest picture file that is decoded; absent means 2^28. */
  maxPixels?: number;
  /** With `all`, the checkpoint after each epoch stays, so that any epoch can be verified alone. Default `last`. */
  checkpoints?: Checkpoints;
  /** Records hashes of the state after each epoch, of weights and gradients of each step, or of each operation. */
  trace?: TraceLevel;
  /** Steps, from the first, of which the trace keeps the values too. Default 0. */
  traceValues?: number;
  /** Weights of so many steps are kept, close together at the beginning (`keptPlaces`). Default 0. */
  keepSteps?: number;
  /** PEM file of the Ed25519 private key that signs the receipt; absent means it is not signed. */
  sign?: string;
}

/** A training to begin, or one to go on with, whose settings are those of its run folder where they are not given. */
export type TrainRequest = TrainOptions | (Partial<TrainOptions> & { resume: string });

/** Which checkpoints a run folder keeps. */
export const checkpointChoices = ['last', 'all'] as const;
export type Checkpoints = (typeof checkpointChoices)[number];

/** Progress of one training: `step` counts from 1 to `steps` inside an epoch, `epoch` from 1 to `epochs`. */
export interface StepProgress {
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  loss: number;
}

/** What is known after one epoch; validation values are null when there is nothing to validate on. */
export interface EpochResult {
  /** Counts from 1. */
  epoch: number;
  /** Mean training loss; not finite (JSON: null) if the training has diverged. */
  loss: number | null;
  /** Share of training pictures classified right while training, 0 to 1. */
  accuracy: number;
  valLoss: number | null;
  valAccuracy: number | null;
  seconds: number;
  weightsHash: string;
}

/** The state of a training before its first step (epoch 0) or after an epoch. */
export interface ReachedState {
  epoch: number;
  dataHash: string;
  classNames: readonly string[];
  compile: CompiledFacts;
  /** Over weights, then what the optimizer remembers. */
  tree: Tree;
  /** These tensors, copied out. */
  tensors: () => StoredTensor[];
}

/** Where a training reports to while it runs, and how it is asked to stop. */
export interface TrainHooks {
  onStep?: (progress: StepProgress) => void;
  onEpoch?: (epoch: EpochResult, epochs: number) => void;
  /** At the beginning and after each epoch, before `onEpoch`; a training that goes on begins with where it stopped. */
  onState?: (state: ReachedState) => void;
  /** A phase that is not a step, in a few words: `reading pictures`, `validating`. */
  onPhase?: (phase: string) => void;
  /** Something worth a line of its own: what a training goes on with, that it is finished already, that no cache can be used. */
  onNote?: (note: string) => void;
  /** How far the pictures are while they are being read. */
  onPictures?: (progress: PicturesProgress) => void;
  /** Splits, classes, counts and what was left out, once the pictures are read and before any step. */
  onData?: (data: DatasetDescription) => void;
  signal?: AbortSignal;
}

/** The hooks of a training, by name. */
export const trainHookNames = [
  ...(['onStep', 'onEpoch', 'onState', 'onPhase', 'onNote', 'onPictures', 'onData', 'signal'] as const),
] satisfies (keyof TrainHooks)[];

/** The result of one training, exactly as `samebits train --json` prints it. */
export interface TrainResult {
  /** `device/isa/mode`, for example `cpu/avx2/deterministic`. */
  target: string;
  contract: number;
  model: string;
  settings: TrainOptions;
  /** The class of each label, by number. */
  classNames: readonly string[];
  threads: number;
  seed: number;
  /** Number of trainable parameters. */
  parameters: number;
  dataHash: string;
  weightsHash: string;
  /** Hash of the final model's predictions on the validation pictures; null when there are none. */
  predictionsHash: string | null;
  /** Wall time of each training step in order, and their median. */
  stepSeconds: number[];
  stepSecondsMedian: number;
  peakMemoryMiB: number;
  epochs: EpochResult[];
}

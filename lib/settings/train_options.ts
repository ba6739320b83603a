/** What one training is asked to do, as plain data. */
import type { Device, Isa, Mode } from '../runtime/index.js';
import type { TraceLevel } from '../trace/index.js';
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
  /** Folder in which a new TensorBoard event file grows while the training runs; absent means none. */
  tensorboard?: string;
  /** PEM file of the Ed25519 private key that signs the receipt; absent means it is not signed. */
  sign?: string;
}

/** A training to begin, or one to go on with, whose settings are those of its run folder where they are not given. */
export type TrainRequest = TrainOptions | (Partial<TrainOptions> & { resume: string });

/** Which checkpoints a run folder keeps. */
export const checkpointChoices = ['last', 'all'] as const;
export type Checkpoints = (typeof checkpointChoices)[number];

/** Every setting, by name. */
export const optionNames = [
  ...(['model', 'data', 'validation', 'samples', 'imageSize', 'epochs', 'batchSize', 'seed'] as const),
  ...(['device', 'isa', 'mode', 'atomic', 'arrivalSeed', 'flip', 'threads', 'damaged', 'maxPixels'] as const),
  ...(['out', 'resume', 'checkpoints', 'keepSteps', 'sign', 'trace', 'traceValues', 'tensorboard'] as const),
] satisfies (keyof TrainOptions)[];

/**
 * What a training tells afterwards, as plain data. `samebits train --json` prints a `TrainResult`; experiments and reports
 * read nothing else of a training.
 */
import type { TrainOptions } from '../settings/index.js';

/**
 * What is known after one epoch. Beside its facts stand the means by name: the loss, and each metric that the model was
 * compiled with.
 */
export interface EpochResult {
  /** Counts from 1. */
  epoch: number;
  /** Mean training loss; not finite (JSON: null) if the training has diverged. */
  loss: number | null;
  /** Mean loss over validation samples; null when there are none. */
  valLoss: number | null;
  seconds: number;
  weightsHash: string;
  /** Metrics as `accuracy`, over the training samples while training, and as `valAccuracy`, over those of validation. */
  [metric: string]: number | string | null;
}

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
  /** Hash of the final model's predictions on the validation samples; null when there are none. */
  predictionsHash: string | null;
  /** Wall time of each training step in order, and their median. */
  stepSeconds: number[];
  stepSecondsMedian: number;
  peakMemoryMiB: number;
  /** There where a callback ended it before the epochs of its settings. */
  stopped?: true;
  epochs: EpochResult[];
}

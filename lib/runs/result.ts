/**
 * What a training tells afterwards, as plain data. `samebits train --json` prints a `TrainResult`; experiments and reports
 * read nothing else of a training.
 */
import type { TrainOptions } from '../settings/index.js';

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

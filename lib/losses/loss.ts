/** What a loss is, and how a network's quality is counted. */
import type { Tensor } from '../tensor/index.js';

/** Compares predictions with targets of the same shape, both with a batch axis first. */
export interface Loss {
  readonly name: string;
  /** The mean over the batch, as a scalar; differentiable by `prediction`. */
  compute(prediction: Tensor, target: Tensor): Tensor;
}

/** Hits and the number of tries: integers, added over batches and divided once. */
export interface Tally {
  hits: number;
  total: number;
}

/** Counts right predictions. */
export interface Metric {
  readonly name: string;
  /** `width` is the number of values of one sample. */
  tally(prediction: Float32Array, target: Float32Array, width: number): Tally;
}

/**
 * Which pictures make up which step. A batch is a pure function of (seed, epoch, step), so a training that goes on
 * from a cursor sees exactly what the one that was not stopped would have seen.
 */
import { ArgumentError, show } from '../errors/index.js';
import { shuffle, streams } from '../random/index.js';

/** Where a training stands in its data: `step` steps of epoch `epoch` are done. Plain data, saved in checkpoints. */
export interface DataCursor {
  epoch: number;
  step: number;
}

/** How a split is cut into batches; `seed` decides shuffles only. */
export interface BatchPlanOptions {
  length: number;
  batchSize: number;
  shuffle: boolean;
  seed: number;
}

/** The batches of a split: `steps` an epoch, the last one smaller when `batchSize` does not divide `length`. */
export class BatchPlan {
  readonly steps: number;
  readonly #options: BatchPlanOptions;
  #epoch = -1;
  #order: Uint32Array;

  /** Throws ArgumentError for a length or batch size that is no integer >= 1. */
  constructor(options: BatchPlanOptions) {
    for (const name of ['length', 'batchSize'] as const) {
      const value = options[name];
      if (!Number.isSafeInteger(value) || value < 1) {
        throw new ArgumentError({ who: 'BatchPlan', expected: `${name} to be an integer >= 1`, got: show(value) });
      }
    }
    this.#options = options;
    this.#order = Uint32Array.from({ length: options.length }, (_, i) => i);
    this.steps = Math.ceil(options.length / options.batchSize);
  }

  /** The numbers of the pictures of step `step` (from 0) of epoch `epoch` (from 0). */
  batch({ epoch, step }: DataCursor): Uint32Array {
    if (!Number.isSafeInteger(step) || step < 0 || step >= this.steps) {
      throw new ArgumentError({ who: 'BatchPlan', expected: `step to be in [0, ${this.steps})`, got: show(step) });
    }
    const { batchSize } = this.#options;
    return this.#orderOf(epoch).slice(step * batchSize, (step + 1) * batchSize);
  }

  /** The cursor after one step more: the next step, or the first of the next epoch. */
  next({ epoch, step }: DataCursor): DataCursor {
    return step + 1 < this.steps ? { epoch, step: step + 1 } : { epoch: epoch + 1, step: 0 };
  }

  #orderOf(epoch: number): Uint32Array {
    const { shuffle: shuffled, length, seed } = this.#options;
    if (shuffled && epoch !== this.#epoch) {
      this.#order = shuffle(length, { seed, stream: streams.shuffle, step: epoch });
      this.#epoch = epoch;
    }
    return this.#order;
  }
}

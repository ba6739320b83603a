/** What a worker is told of a training: the experiment's or study's own trial has this and more. */
import type { Mode } from '../runtime/index.js';
import type { TrainOptions } from '../settings/index.js';

/** One training of several. */
export interface PlannedTrial {
  /** Its run folder, inside that of the whole. */
  folder: string;
  /** Trials of one configuration differ in how sums are joined alone, so they take the same memory. */
  configuration: { readonly name: string };
  mode: Mode;
  /**
   * Threads that it needs where it does not say how many: sums that arrive as threads make it take two, and the deterministic
   * trainings beside them too, so that times are of the same threads.
   */
  leastThreads: number;
  /** What the trainer is asked, but for its folder. */
  options: TrainOptions;
}

/** `leastThreads` of the trials of some settings. */
export const leastThreadsOf = (atomic: boolean, arrivalSeed: number | undefined): number =>
  atomic && arrivalSeed === undefined ? 2 : 1;

/** What trials are parts of. */
export type Whole = 'experiment' | 'plan';

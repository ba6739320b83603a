/**
 * Predictions on which runs disagree: the class each sample is given, not the probability.
 *
 * With one output a sample is of class 1 above 1/2 and 0 otherwise, with more it is of the class of the largest output,
 * the lowest of equals, as accuracy counts them; zeros are equal and infinities larger or smaller than all numbers. A
 * sample with a NaN among its outputs is of no class, which agrees with no class in another run only.
 */
import { ArgumentError, integerOption, show } from '../errors/index.js';
import { requireRuns } from './refuse.js';

/** Samples on which runs disagree. */
export interface PredictionsDivergence {
  samples: number;
  /** Samples that are not of one class in all runs. */
  differing: number;
  /** Lowest such sample, null if there is none. */
  firstDiffering: number | null;
  /** Samples on which two runs disagree, for every pair of runs. */
  matrix: number[][];
  /** Smallest, mean and largest share of samples on which a pair disagrees; 0 without samples. */
  minimum: number;
  mean: number;
  maximum: number;
}

const NO_CLASS = -1;

function classAt(outputs: Float32Array, from: number, width: number): number {
  if (width === 1) return Number.isNaN(outputs[from]!) ? NO_CLASS : Number(outputs[from]! > 0.5);
  let best = 0;
  for (let i = 0; i < width; i += 1) {
    const value = outputs[from + i]!;
    if (Number.isNaN(value)) return NO_CLASS;
    if (value > outputs[from + best]!) best = i;
  }
  return best;
}

/**
 * Compares the predictions of two or more runs on the same samples: arrays of shape [samples, `width`], row-major. Throws
 * ArgumentError on fewer than two runs, a width that is no integer >= 1 or does not divide the length, ShapeError if
 * lengths differ.
 */
export function comparePredictions(runs: readonly Float32Array[], width: number): PredictionsDivergence {
  const who = 'comparePredictions';
  requireRuns(who, runs);
  integerOption(who, 'width', width, 1);
  const samples = runs[0]!.length / width;
  if (!Number.isInteger(samples)) {
    const expected = `width to divide ${runs[0]!.length}, the length of the predictions`;
    throw new ArgumentError({ who, expected, got: show(width) });
  }
  const classes = runs.map((run) => Int32Array.from({ length: samples }, (_, i) => classAt(run, i * width, width)));
  const matrix = classes.map((a) => classes.map((b) => a.reduce((sum, one, i) => sum + Number(one !== b[i]), 0)));
  const shares = matrix.flatMap((row, i) => row.slice(0, i).map((count) => count / Math.max(1, samples)));
  const apart = [...classes[0]!.keys()].filter((i) => classes.some((run) => run[i] !== classes[0]![i]));
  return {
    samples,
    differing: apart.length,
    firstDiffering: apart[0] ?? null,
    matrix,
    minimum: shares.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    mean: shares.reduce((sum, share) => sum + share, 0) / shares.length,
    maximum: shares.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  };
}

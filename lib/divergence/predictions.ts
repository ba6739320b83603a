/**
 * Predictions on which runs disagree: what each sample is said to be, not the probability.
 *
 * With one output a sample is of class 1 above 1/2 and 0 otherwise, with more it is of the class of the largest output,
 * the lowest of equals, as accuracy counts them; zeros are equal and infinities larger or smaller than all numbers. A
 * sample with a NaN among its outputs is of no class, which agrees with no class in another run only.
 *
 * Of several classes each is there above 1/2; of a mask each place has a class; values are what they are, zeros equal and
 * NaN equal to NaN. Runs disagree on a sample where they disagree on any of these.
 */
import { ArgumentError, checkOptions, integerOption, show, wordOption } from '../errors/index.js';
import { requireRuns } from './refuse.js';

/** What outputs say of a sample. */
const kinds = ['class', 'several', 'mask', 'value'] as const;

/** How outputs are read as predictions. */
export interface PredictionsOptions {
  /** Default `class`: one class for a sample. */
  kind?: (typeof kinds)[number];
  /** Outputs for each place of a mask. Default `width`. */
  classes?: number;
}

/** Samples on which runs disagree. */
export interface PredictionsDivergence {
  samples: number;
  /** Samples that are not predicted alike by all runs: of one class, or the same in all that `kind` asks. */
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

/** Values as numbers that are equal where the values are: -0 is 0, and every NaN is one. */
const exactly = (run: Float32Array): Int32Array =>
  new Int32Array(run.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0)).buffer);

/** What a run answers, so many numbers for each sample. */
function answersOf(run: Float32Array, width: number, { kind, classes }: Required<PredictionsOptions>): Int32Array {
  if (kind === 'value') return exactly(run);
  const group = { class: width, several: 1, mask: classes }[kind];
  return Int32Array.from({ length: run.length / group }, (_, i) => classAt(run, i * group, group));
}

/**
 * Compares the predictions of two or more runs on the same samples: arrays of shape [samples, `width`], row-major. Throws
 * ArgumentError on fewer than two runs, a width that is no integer >= 1 or does not divide the length, classes that do not
 * divide the width, an unknown kind, ShapeError if lengths differ.
 */
export function comparePredictions(
  runs: readonly Float32Array[],
  width: number,
  options: PredictionsOptions = {},
): PredictionsDivergence {
  const who = 'comparePredictions';
  requireRuns(who, runs);
  integerOption(who, 'width', width, 1);
  checkOptions(who, options, ['kind', 'classes']);
  const { kind = 'class', classes = width } = options;
  wordOption(who, 'kind', kind, kinds);
  if (width % integerOption(who, 'classes', classes, 1) !== 0) {
    throw new ArgumentError({ who, expected: `classes to divide the width ${width}`, got: show(classes) });
  }
  const samples = runs[0]!.length / width;
  if (!Number.isInteger(samples)) {
    const expected = `width to divide ${runs[0]!.length}, the length of the predictions`;
    throw new ArgumentError({ who, expected, got: show(width) });
  }
  const answers = runs.map((run) => answersOf(run, width, { kind, classes }));
  const each = answers[0]!.length / Math.max(1, samples);
  const indices = Array.from({ length: samples }, (_, i) => i);
  const disagree = (a: Int32Array, b: Int32Array) => (sample: number) => {
    for (let i = sample * each; i < (sample + 1) * each; i++) if (a[i] !== b[i]) return true;
    return false;
  };
  const matrix = answers.map((a) => answers.map((b) => indices.filter(disagree(a, b)).length));
  const shares = matrix.flatMap((row, i) => row.slice(0, i).map((count) => count / Math.max(1, samples)));
  const apart = indices.filter((sample) => answers.some((run) => disagree(run, answers[0]!)(sample)));
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

/** How well objects were found and counted, as Alahmari et al. (2020) measure it: error rate (3), Dice (4), precision, recall, F1. */

/** What was counted, in one picture or in all. */
export interface Tally {
  /** Objects that are there, and those that were found. */
  truth: number;
  predicted: number;
  /** Objects that are both. */
  matched: number;
  /** Pixels of the true mask, of the predicted one, and of both. */
  truthPixels: number;
  predictedPixels: number;
  bothPixels: number;
}

/** What a tally says; null where there is nothing to divide by. */
export interface CountMeasures {
  /** |truth - predicted| / truth * 100. */
  errorRate: number | null;
  /** 2 |A and B| / (|A| + |B|) over pixels. */
  dice: number | null;
  precision: number | null;
  recall: number | null;
  /** 2 matched / (truth + predicted), the harmonic mean of precision and recall. */
  f1: number | null;
}

export const emptyTally: Tally = {
  truth: 0,
  predicted: 0,
  matched: 0,
  truthPixels: 0,
  predictedPixels: 0,
  bothPixels: 0,
};

/** All tallies together: sums, so that a picture counts as much as it holds. */
export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (a, b) => ({
      truth: a.truth + b.truth,
      predicted: a.predicted + b.predicted,
      matched: a.matched + b.matched,
      truthPixels: a.truthPixels + b.truthPixels,
      predictedPixels: a.predictedPixels + b.predictedPixels,
      bothPixels: a.bothPixels + b.bothPixels,
    }),
    emptyTally,
  );

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/**
 * The measures of a tally. Example:
 * `countMeasures({ truth: 2, predicted: 3, matched: 2, truthPixels: 9, predictedPixels: 8, bothPixels: 7 }).errorRate`.
 */
export function countMeasures({
  truth,
  predicted,
  matched,
  truthPixels,
  predictedPixels,
  bothPixels,
}: Tally): CountMeasures {
  return {
    errorRate: share(Math.abs(truth - predicted) * 100, truth),
    dice: share(2 * bothPixels, truthPixels + predictedPixels),
    precision: share(matched, predicted),
    recall: share(matched, truth),
    f1: share(2 * matched, truth + predicted),
  };
}

/** Which objects of two masks are the same ones: those that overlap enough, each with one at most. */
import { checkOptions, numberOption, ShapeError } from '../errors/index.js';
import type { Objects } from './objects.js';

/** Two objects that were matched, by their numbers from 1. */
export interface Match {
  truth: number;
  predicted: number;
  /** Pixels that both have, as a share of the pixels that one of them has. */
  iou: number;
}

/**
 * Matches the counted objects of a true and a predicted mask of one size. Pairs whose intersection over union is at least `iou` (0.5
 * by default) are taken from the largest down, of equal ones that of the earlier true, then of the earlier predicted object; each
 * object once. Throws ShapeError for masks of two sizes, ArgumentError for an `iou` that is not above 0 and up to 1.
 * Example: `matchObjects(objectsIn([1, 1, 0], [1, 3]), objectsIn([1, 0, 1], [1, 3])).length`.
 */
export function matchObjects(truth: Objects, predicted: Objects, options: { iou?: number } = {}): Match[] {
  const who = 'matchObjects';
  checkOptions(who, options, ['iou']);
  const { iou: least = 0.5 } = options;
  numberOption(who, 'iou', least, 'a number above 0, up to 1', (share) => share > 0 && share <= 1);
  const { height, width } = truth;
  if (predicted.height !== height || predicted.width !== width) {
    const got = `${predicted.height} x ${predicted.width}`;
    throw new ShapeError({ who, expected: `masks of one size, ${height} x ${width}`, got });
  }
  const shared = new Map<number, number>();
  const columns = predicted.areas.length + 1;
  truth.labels.forEach((label, at) => {
    const other = predicted.labels[at]!;
    if (label === 0 || other === 0 || !truth.counted[label - 1] || !predicted.counted[other - 1]) return;
    const pair = label * columns + other;
    shared.set(pair, (shared.get(pair) ?? 0) + 1);
  });
  const pairs = [...shared].map(([pair, both]): Match => {
    const [own, other] = [Math.floor(pair / columns), pair % columns];
    return { truth: own, predicted: other, iou: both / (truth.areas[own - 1]! + predicted.areas[other - 1]! - both) };
  });
  const order = (a: Match, b: Match) => b.iou - a.iou || a.truth - b.truth || a.predicted - b.predicted;
  const [takenTruth, takenPredicted] = [new Set<number>(), new Set<number>()];
  return pairs
    .filter(({ iou }) => iou >= least)
    .sort(order)
    .filter(({ truth: own, predicted: other }) => {
      if (takenTruth.has(own) || takenPredicted.has(other)) return false;
      takenTruth.add(own);
      takenPredicted.add(other);
      return true;
    });
}

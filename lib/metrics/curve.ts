/**
 * Areas under curves, from ranks: every score that occurs is a threshold, and those that are equal are one step of the curve,
 * whatever order they came in.
 */
import { naturalLog } from '../schedules/index.js';
import { addTo, doubleOf, type ExactSum, noSum, share } from './exact_sum.js';

/** Scores, whether each is of the class, and how much it weighs. */
export interface Scored {
  scores: number[];
  isThere: boolean[];
  weights: number[];
}

/** What is above a threshold: weights of the class, and of the others. */
interface Point {
  tp: number;
  fp: number;
}

/** How the curve runs between two points: straight (between counts, of the PR curve), or level at the lower or the higher one. */
export type SummationMethod = 'interpolation' | 'minoring' | 'majoring';

/** The points of the curve from above all scores down to below them. */
function pointsOf({ scores, isThere, weights }: Scored): Point[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const points: Point[] = [{ tp: 0, fp: 0 }];
  let [tp, fp]: [ExactSum, ExactSum] = [noSum, noSum];
  order.forEach((index, at) => {
    if (isThere[index]) tp = addTo(tp, weights[index]!);
    else fp = addTo(fp, weights[index]!);
    const next = order[at + 1];
    if (next === undefined || scores[next] !== scores[index]) points.push({ tp: doubleOf(tp), fp: doubleOf(fp) });
  });
  return points;
}

const heights: Readonly<Record<SummationMethod, (a: number, b: number) => number>> = {
  interpolation: (a, b) => (a + b) / 2,
  minoring: Math.min,
  majoring: Math.max,
};

/** Under the ROC curve: of 'interpolation' how often a score of the class is above another, ties half (Mann and Whitney 1947). */
function roc(points: readonly Point[], method: SummationMethod): number {
  const { tp, fp } = points.at(-1)!;
  let area = noSum;
  for (let i = 1; i < points.length; i++) {
    const [before, after] = [points[i - 1]!, points[i]!];
    area = addTo(area, (after.fp - before.fp) * heights[method](before.tp, after.tp));
  }
  return share(share(doubleOf(area), tp), fp);
}

/** Between two points precision is interpolated by counts (Davis and Goadrich 2006), as Keras does. */
function interpolated(before: Point, after: Point): number {
  const [from, to] = [before.tp + before.fp, after.tp + after.fp];
  const found = after.tp - before.tp;
  const slope = share(found, to - from);
  const intercept = before.tp - slope * from;
  return slope * (found + (from > 0 && to > 0 ? intercept * naturalLog(to / from) : 0));
}

/** Under precision over recall. */
function pr(points: readonly Point[], method: SummationMethod): number {
  const precision = ({ tp, fp }: Point) => share(tp, tp + fp);
  let area = noSum;
  for (let i = 1; i < points.length; i++) {
    const [before, after] = [points[i - 1]!, points[i]!];
    const level = (after.tp - before.tp) * heights[method](precision(before), precision(after));
    area = addTo(area, method === 'interpolation' ? interpolated(before, after) : level);
  }
  return share(doubleOf(area), points.at(-1)!.tp);
}

/** The curves by name. */
export const curves = { ROC: roc, PR: pr } as const;

/** The area under a curve; NaN where a score is. Of a class that no score is of, or all are, 0, as in Keras. */
export function areaUnder(scored: Scored, curve: keyof typeof curves, method: SummationMethod): number {
  if (scored.scores.some(Number.isNaN)) return Number.NaN;
  return curves[curve](pointsOf(scored), method);
}

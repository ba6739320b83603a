/** How often each class was found, missed, and seen where it is not: what precision, recall, F, IoU and Dice are made of. */
import { wordOption } from '../errors/index.js';
import { addTo, doubleOf, type ExactSum, joinEach, noSum } from './exact_sum.js';
import { eachSample, type JudgedSample } from './mean.js';
import { type MetricBatch, weightOf } from './metric.js';

/** Class by class, each position times the weight of its sample. */
export interface Counts {
  readonly truePositives: readonly ExactSum[];
  readonly falsePositives: readonly ExactSum[];
  readonly falseNegatives: readonly ExactSum[];
}

/** Nothing counted. */
export const noCounts: Counts = { truePositives: [], falsePositives: [], falseNegatives: [] };

/** Tells of a position of a sample each class that is predicted or there. */
export type Tell = (
  sample: JudgedSample,
  position: number,
  tell: (label: number, isPredicted: boolean, isThere: boolean) => void,
) => void;

/** The counts with a batch more; `classes` are told of. */
export function countBatch(counts: Counts, batch: MetricBatch, classes: number, tell: Tell): Counts {
  const sums = (before: readonly ExactSum[]) => Array.from({ length: classes }, (_, k) => before[k] ?? noSum);
  const [hit, extra, missed] = [sums(counts.truePositives), sums(counts.falsePositives), sums(counts.falseNegatives)];
  const found = [hit, extra, missed].map((into) => ({ into, count: new Float64Array(classes) }));
  const [hits, extras, misses] = found as [Found, Found, Found];
  const flush = (times: number) => {
    for (const { into, count } of found) {
      for (let k = 0; k < classes; k++) if (count[k] !== 0) into[k] = addTo(into[k]!, times * count[k]!);
      count.fill(0);
    }
  };
  eachSample(batch, (sample, i) => {
    const positions = sample.prediction.length / sample.width;
    for (let at = 0; at < positions; at++) {
      tell(sample, at, (label, isPredicted, isThere) => {
        if (isPredicted) (isThere ? hits : extras).count[label]! += 1;
        else if (isThere) misses.count[label]! += 1;
      });
    }
    if (batch.weights !== undefined) flush(weightOf(batch, i));
  });
  flush(1);
  return { truePositives: hit, falsePositives: extra, falseNegatives: missed };
}

interface Found {
  into: ExactSum[];
  count: Float64Array;
}

/** The counts of both. */
export const joinCounts = (a: Counts, b: Counts): Counts => ({
  truePositives: joinEach(a.truePositives, b.truePositives),
  falsePositives: joinEach(a.falsePositives, b.falsePositives),
  falseNegatives: joinEach(a.falseNegatives, b.falseNegatives),
});

/** Counts of one class, or of all together. */
export interface ClassCounts {
  tp: number;
  fp: number;
  fn: number;
}

/** Class by class, rounded once. */
export const countsByClass = ({ truePositives, falsePositives, falseNegatives }: Counts): ClassCounts[] =>
  truePositives.map((tp, k) => ({
    tp: doubleOf(tp),
    fp: doubleOf(falsePositives[k]!),
    fn: doubleOf(falseNegatives[k]!),
  }));

/**
 * How classes become one value: 'macro' is their mean, 'weighted' the mean by how often each is there, 'micro' what all classes
 * counted together give, and null leaves a list of them.
 */
export type Average = 'macro' | 'micro' | 'weighted' | null;

/** The average that is asked for. Throws ArgumentError for no such word. */
export const averageOption = (who: string, value: unknown): Average =>
  value === null || value === 'none'
    ? null
    : wordOption(who, 'average', value, ['macro', 'micro', 'weighted'] as const);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * One value of all classes, or a list of them: sums in the order of the classes. `absent` says what a class is worth that is
 * neither there nor predicted; undefined leaves it out.
 */
export function averaged(
  counts: Counts,
  average: Average,
  ofClass: (counts: ClassCounts) => number,
  { absent }: { absent?: 'counted' } = {},
): number | number[] {
  const classes = countsByClass(counts);
  if (average === null) return classes.map(ofClass);
  if (average === 'micro') {
    const total = (sums: readonly ExactSum[]) => doubleOf(sums.reduce((all, sum) => sum.reduce(addTo, all), noSum));
    const { truePositives, falsePositives, falseNegatives } = counts;
    return ofClass({ tp: total(truePositives), fp: total(falsePositives), fn: total(falseNegatives) });
  }
  const seen = classes.filter(({ tp, fp, fn }) => absent === 'counted' || tp + fp + fn > 0);
  if (seen.length === 0) return 0;
  if (average === 'macro') return mean(seen.map(ofClass));
  const there = seen.map(({ tp, fn }) => tp + fn);
  const all = there.reduce((sum, one) => sum + one, 0);
  return all === 0 ? 0 : seen.reduce((sum, one, k) => sum + ofClass(one) * there[k]!, 0) / all;
}

/**
 * Sums that are exact until they are read, and then rounded once: the expansion of Shewchuk 1997, read as Python's `fsum` does.
 * So a sum is the same in whatever order, and in whatever parts, its terms came.
 */

/** Doubles that do not overlap, from the smallest to the largest: plain data, never changed. */
export type ExactSum = readonly number[];

/** The sum of nothing. */
export const noSum: ExactSum = [];

/** The sum with one term more. What is not finite makes it NaN or infinite, as in any order of adding. */
export function addTo(sum: ExactSum, term: number): ExactSum {
  if (!Number.isFinite(term) || !Number.isFinite(sum.at(-1) ?? 0)) return [(sum.at(-1) ?? 0) + term];
  const parts: number[] = [];
  let high = term;
  for (const part of sum) {
    const [large, small] = Math.abs(high) < Math.abs(part) ? [part, high] : [high, part];
    high = large + small;
    const low = small - (high - large);
    if (low !== 0) parts.push(low);
  }
  if (high !== 0) parts.push(high);
  return parts;
}

/** The sum of both. */
export const joinSums = (a: ExactSum, b: ExactSum): ExactSum => b.reduce(addTo, a);

/** Two lists of sums, place by place. */
export const joinEach = (a: readonly ExactSum[], b: readonly ExactSum[]): ExactSum[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => joinSums(a[i] ?? noSum, b[i] ?? noSum));

/** The double nearest to the sum; ties to even. */
export function doubleOf(sum: ExactSum): number {
  let at = sum.length - 1;
  let high = sum[at] ?? 0;
  let low = 0;
  while (at > 0 && low === 0) {
    at -= 1;
    const before = high;
    const part = sum[at]!;
    high = before + part;
    low = part - (high - before);
  }
  // What is left below may decide a tie.
  const below = at > 0 ? sum[at - 1]! : 0;
  if (low !== 0 && below !== 0 && low < 0 === below < 0) {
    const doubled = low * 2;
    const away = high + doubled;
    if (away - high === doubled) return away;
  }
  return high;
}

/** A quotient of which nothing divided by nothing is 0, as Keras has it. */
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

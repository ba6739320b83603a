/** Student's one-sample t-test, as the thesis compares runs of one configuration with a known value. */
import { studentTails } from './distributions.js';
import { meanFrom, momentsOf } from './moments.js';
import { requireNumber, requireNumbers } from './refuse.js';

/** A t-test: t with its degrees of freedom and two-sided p, and what t was made of. */
export interface TTest {
  statistic: number;
  degreesOfFreedom: number;
  p: number;
  mean: number;
  /** Standard deviation, n - 1. */
  sd: number;
  standardError: number;
}

/**
 * Is the mean of `values` another than `value` (the deterministic result)? t = (mean - value) / (sd / sqrt(n)), n - 1
 * degrees of freedom, two-sided.
 *
 * Values that are all equal have no spread: t is then plus or minus infinity and p is 0, or both are NaN if they equal
 * `value`, as in scipy. Throws ArgumentError on fewer than two values, or one that is not finite.
 */
export function oneSampleTTest(values: readonly number[], value: number): TTest {
  const who = 'oneSampleTTest';
  requireNumber(who, 'value', value);
  const { count, mean, squares } = momentsOf(who, requireNumbers(who, values, 2));
  const degreesOfFreedom = count - 1;
  const sd = Math.sqrt(squares / degreesOfFreedom);
  const standardError = sd / Math.sqrt(count);
  const statistic = meanFrom(who, values, value) / standardError;
  return { statistic, degreesOfFreedom, p: studentTails(statistic, degreesOfFreedom), mean, sd, standardError };
}

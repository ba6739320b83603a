/** How large a difference of means is, in standard deviations; unlike p it does not grow with the number of runs. */
import { ArgumentError } from '../errors/index.js';
import { logGamma } from './distributions.js';
import { meanFrom, momentsOf } from './moments.js';
import { requireNumber, requireNumbers } from './refuse.js';

function standardized(who: string, values: readonly number[], against: number | readonly number[]) {
  const a = momentsOf(who, requireNumbers(who, values, 2));
  if (typeof against === 'number') {
    const df = a.count - 1;
    return { d: meanFrom(who, values, requireNumber(who, 'value', against)) / Math.sqrt(a.squares / df), df };
  }
  const b = momentsOf(who, requireNumbers(who, against, 2));
  const df = a.count + b.count - 2;
  const difference = meanFrom(who, values, values[0]!) - meanFrom(who, against, values[0]!);
  return { d: difference / Math.sqrt((a.squares + b.squares) / df), df };
}

/**
 * Cohen's d: the mean of `values` minus a value, over their standard deviation (n - 1); or minus the mean of other
 * values, over the pooled standard deviation (Cohen 1988).
 *
 * Without any spread it is plus or minus infinity, or NaN if the means are equal too. Throws ArgumentError on fewer than
 * two values on a side, or one that is not finite.
 */
export function cohensD(values: readonly number[], against: number | readonly number[]): number {
  return standardized('cohensD', values, against).d;
}

/**
 * Hedges' g: Cohen's d without its bias in small samples, by the exact factor gamma(df / 2) / (sqrt(df / 2)
 * gamma((df - 1) / 2)) (Hedges 1981). Limits and errors are those of `cohensD`; against a value three are needed.
 */
export function hedgesG(values: readonly number[], against: number | readonly number[]): number {
  const who = 'hedgesG';
  const { d, df } = standardized(who, values, against);
  if (df < 2) throw new ArgumentError({ who, expected: 'at least 3 numbers', got: `${values.length}` });
  return (d * Math.exp(logGamma(df / 2) - logGamma((df - 1) / 2))) / Math.sqrt(df / 2);
}

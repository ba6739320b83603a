/** An interval around an estimate with a standard error, such as the slope of a line. */
import { ArgumentError, integerOption, show } from '../errors/index.js';
import { studentQuantile } from './distributions.js';
import { requireNumber } from './refuse.js';

/** An estimate, its standard error, and the degrees of freedom that are left (of a line through n points: n - 2). */
export interface Estimate {
  estimate: number;
  standardError: number;
  degreesOfFreedom: number;
}

/**
 * The interval estimate -+ t * standard error that holds the true value with probability `level`, if errors are normal and
 * independent. Throws ArgumentError on a number that is not finite, degrees of freedom below 1, or a level outside 0 to 1.
 */
export function studentInterval(
  { estimate, standardError, degreesOfFreedom }: Estimate,
  level = 0.95,
): [low: number, high: number] {
  const who = 'studentInterval';
  requireNumber(who, 'estimate', estimate);
  requireNumber(who, 'standardError', standardError);
  integerOption(who, 'degreesOfFreedom', degreesOfFreedom, 1);
  if (!(level > 0 && level < 1)) {
    throw new ArgumentError({ who, expected: 'level to lie between 0 and 1', got: show(level) });
  }
  const reach = studentQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
  return [estimate - reach, estimate + reach];
}

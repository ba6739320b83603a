/**
 * Mean and sum of squared deviations, the two numbers every parametric statistic is made of.
 *
 * Values are first taken relative to the first of them, so that a large common part costs no digits, and the squares
 * are corrected by the rounding left in the mean (Chan, Golub and LeVeque 1983, two-pass). Equal values have their
 * own value as mean and no squares at all: without this, three times 0.1 would have a spread of 1e-17.
 */
import { ArgumentError } from '../errors/index.js';
import { extraPackage } from '../lazy/index.js';

const mathjs = extraPackage<typeof import('mathjs/number')>('statistics', 'mathjs/number');

/** Mean, and the sum of (value - mean)^2, of `count` numbers. */
export interface Moments {
  count: number;
  mean: number;
  squares: number;
}

/** Moments of a list of finite numbers; throws ArgumentError if their squared deviations exceed the largest number. */
export function momentsOf(who: string, values: readonly number[]): Moments {
  const first = values[0]!;
  const count = values.length;
  if (values.every((value) => value === first)) return { count, mean: first, squares: 0 };
  const { mean, sum } = mathjs();
  const shifted = values.map((value) => value - first);
  const center = mean(shifted);
  const deviations = shifted.map((value) => value - center);
  const rest = sum(deviations);
  const squares = sum(deviations.map((value) => value * value)) - (rest * rest) / count;
  if (!Number.isFinite(squares)) {
    const expected = 'numbers whose squared deviations can be added up';
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    throw new ArgumentError({ who, expected, got: `a spread of ${most - least}` });
  }
  return { count, mean: first + center, squares };
}

/** Mean of `values` minus `value`, from each difference by itself: it keeps what the difference of two means loses. */
export function meanFrom(who: string, values: readonly number[], value: number): number {
  return momentsOf(
    who,
    values.map((one) => one - value),
  ).mean;
}

/** One list of numbers in a few: mean, spread, median and quantiles. */
import { ArgumentError, show } from '../errors/index.js';
import { momentsOf } from './moments.js';
import { requireNumbers } from './refuse.js';

/** Summary of `count` numbers. `sd` divides by n - 1 and is 0 for one number; `sdPopulation` divides by n. */
export interface Summary {
  count: number;
  mean: number;
  sd: number;
  sdPopulation: number;
  min: number;
  quartile1: number;
  median: number;
  quartile3: number;
  max: number;
}

/**
 * Quantile `p` (0 to 1) by linear interpolation between order statistics; throws ArgumentError on no numbers.
 * Sorted here, because mathjs selects with a random pivot and takes values within 1e-12 of each other for equal:
 * the same list would not always give the same quantile.
 */
export function quantile(values: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new ArgumentError({ who: 'quantile', expected: 'p to lie between 0 and 1', got: show(p) });
  }
  const sorted = Float64Array.from(requireNumbers('quantile', values)).sort();
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}

/** Summary of a list of finite numbers; throws ArgumentError if it is empty or holds another value. */
export function summarize(values: readonly number[]): Summary {
  const list = requireNumbers('summarize', values);
  const { count, mean, squares } = momentsOf('summarize', list);
  return {
    count,
    mean,
    sd: count === 1 ? 0 : Math.sqrt(squares / (count - 1)),
    sdPopulation: Math.sqrt(squares / count),
    min: list.reduce((a, b) => Math.min(a, b)),
    quartile1: quantile(list, 0.25),
    median: quantile(list, 0.5),
    quartile3: quantile(list, 0.75),
    max: list.reduce((a, b) => Math.max(a, b)),
  };
}

/** Standard deviation of a sample, n - 1; throws ArgumentError on fewer than two numbers or one that is not finite. */
export function standardDeviation(values: readonly number[]): number {
  const { count, squares } = momentsOf('standardDeviation', requireNumbers('standardDeviation', values, 2));
  return Math.sqrt(squares / (count - 1));
}

/** Standard deviation of all there is, n; throws ArgumentError on no numbers or one that is not finite. */
export function populationStandardDeviation(values: readonly number[]): number {
  const who = 'populationStandardDeviation';
  const { count, squares } = momentsOf(who, requireNumbers(who, values));
  return Math.sqrt(squares / count);
}

/** One list of numbers in a few: mean, spread, median and quantiles. */
import { mean, median, quantileSeq, std } from 'mathjs/number';
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

/** Quantile `p` (0 to 1) by linear interpolation between order statistics; throws ArgumentError on no numbers. */
export function quantile(values: readonly number[], p: number): number {
  return Number(quantileSeq([...requireNumbers('quantile', values)], p));
}

/** Summary of a list of finite numbers; throws ArgumentError if it is empty or holds another value. */
export function summarize(values: readonly number[]): Summary {
  const list = [...requireNumbers('summarize', values)];
  return {
    count: list.length,
    mean: mean(list),
    sd: list.length === 1 ? 0 : Number(std(list, 'unbiased')),
    sdPopulation: Number(std(list, 'uncorrected')),
    min: Math.min(...list),
    quartile1: quantile(list, 0.25),
    median: median(list),
    quartile3: quantile(list, 0.75),
    max: Math.max(...list),
  };
}

/** What the benches say of lists of times: median and spread, and the ratio of two series measured in turn. */
import { ArgumentError } from '../lib/errors/index.js';
import { streams, Words } from '../lib/random/index.js';
import { type Draw, type Interval, quantile, summarize } from '../lib/stats/index.js';

/** Median, quartiles and extremes of times in seconds. */
export interface Spread {
  count: number;
  median: number;
  quartile1: number;
  quartile3: number;
  min: number;
  max: number;
}

/** Spread of at least one time; throws ArgumentError when there is none. */
export function spread(seconds: readonly number[]): Spread {
  const { count, median, quartile1, quartile3, min, max } = summarize(seconds);
  return { count, median, quartile1, quartile3, min, max };
}

/** Geometric mean of positive numbers: what a list of shares or ratios is on the whole. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(summarize(values.map(Math.log)).mean);
}

/** How a ratio's interval is made: the generator, `resamples` (2000) and `level` (0.95). */
export interface RatioOptions {
  draw: Draw;
  resamples?: number;
  level?: number;
}

/**
 * median(above) / median(below) of two series measured in turn, with a percentile bootstrap interval that resamples
 * whole turns: what slowed the machine in one turn slowed both. Throws ArgumentError unless both have one length >= 1.
 */
export function turnRatio(above: readonly number[], below: readonly number[], options: RatioOptions): Interval {
  if (above.length !== below.length || above.length === 0) {
    throw new ArgumentError({
      who: 'turnRatio',
      expected: 'two series of one length >= 1',
      got: `lengths ${above.length} and ${below.length}`,
    });
  }
  const { draw, resamples = 2000, level = 0.95 } = options;
  const ratio = (turns: readonly number[]) =>
    quantile(
      turns.map((turn) => above[turn]!),
      0.5,
    ) /
    quantile(
      turns.map((turn) => below[turn]!),
      0.5,
    );
  const all = above.map((_, turn) => turn);
  const found = Array.from({ length: resamples }, () => ratio(all.map(() => draw(all.length))));
  return {
    estimate: ratio(all),
    low: quantile(found, (1 - level) / 2),
    high: quantile(found, (1 + level) / 2),
    level,
  };
}

/** Resampling draws from the library's own generator, so that a result file always gives the same intervals. */
export function drawer(): (below: number) => number {
  const words = new Words({ seed: 1001, stream: streams.resampling, step: 0 });
  return (below) => words.below(below);
}

/** The Kruskal-Wallis test: do groups differ, going by ranks alone, so without asking for a normal distribution? */
import { chiSquareTail } from './distributions.js';
import { requireGroups } from './refuse.js';

/** A Kruskal-Wallis test: H, corrected for ties, with its degrees of freedom and p, and the effect size. */
export interface KruskalWallis {
  statistic: number;
  degreesOfFreedom: number;
  p: number;
  /** H / (N - 1): share of the sum of squared ranks that lies between the groups (Tomczak and Tomczak 2014). */
  epsilonSquared: number;
}

/** Rank of each value from 1; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let i = from; i < to; i += 1) ranks[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Kruskal-Wallis test of two or more groups: H = (N - 1) between / total, sums of squares of the ranks, which contains
 * the correction for ties; p from chi-square with g - 1 degrees of freedom.
 *
 * If all values are equal there is nothing to rank and every number is NaN, as in scipy 1.17 (1.10 refused). Throws
 * ArgumentError on fewer than two groups, an empty group, a value that is not finite, or if no group holds more than
 * one value.
 */
export function kruskalWallis(groups: readonly (readonly number[])[]): KruskalWallis {
  const who = 'kruskalWallis';
  const all = requireGroups(who, groups).flat();
  const ranks = midranks(all);
  const middle = (all.length + 1) / 2;
  let total = 0;
  for (const rank of ranks) total += (rank - middle) * (rank - middle);
  let between = 0;
  let next = 0;
  for (const { length } of groups) {
    let sum = 0;
    for (const end = next + length; next < end; next += 1) sum += ranks[next]! - middle;
    between += (sum * sum) / length;
  }
  const epsilonSquared = between / total;
  const statistic = (all.length - 1) * epsilonSquared;
  const degreesOfFreedom = groups.length - 1;
  return { statistic, degreesOfFreedom, p: chiSquareTail(statistic, degreesOfFreedom), epsilonSquared };
}

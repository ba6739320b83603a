/** One-way analysis of variance: do groups (optimizers, seeds, modes) differ in their means? */
import { fisherTail } from './distributions.js';
import { meanFrom, momentsOf } from './moments.js';
import { requireGroups } from './refuse.js';

/** Sums of squares between and within groups, with their degrees of freedom. */
export interface Squares {
  between: number;
  within: number;
  dfBetween: number;
  dfWithin: number;
}

/** An analysis of variance: F with its degrees of freedom and p, and effect sizes. */
export interface Anova {
  statistic: number;
  degreesOfFreedom: [between: number, within: number];
  p: number;
  /** Share of the sum of squares that lies between the groups. */
  etaSquared: number;
  /** The same, without the part that chance alone would give (Hays 1963); may be below 0. */
  omegaSquared: number;
}

function squaresOf(who: string, groups: readonly (readonly number[])[]): Squares {
  const origin = groups[0]![0]!;
  const all = groups.flat();
  const middle = meanFrom(who, all, origin);
  let between = 0;
  let within = 0;
  for (const group of groups) {
    const deviation = meanFrom(who, group, origin) - middle;
    between += group.length * deviation * deviation;
    within += momentsOf(who, group).squares;
  }
  return { between, within, dfBetween: groups.length - 1, dfWithin: all.length - groups.length };
}

/**
 * One-way analysis of variance of two or more groups: F = (between / (g - 1)) / (within / (N - g)).
 *
 * Groups without spread inside, but different means, give F infinity and p 0; if all values are equal every number is
 * NaN, as in scipy. Throws ArgumentError on fewer than two groups, an empty group, a value that is not finite, or if
 * no group holds more than one value.
 */
export function anova(groups: readonly (readonly number[])[]): Anova {
  const who = 'anova';
  const { between, within, dfBetween, dfWithin } = squaresOf(who, requireGroups(who, groups));
  const meanWithin = within / dfWithin;
  const statistic = between / dfBetween / meanWithin;
  return {
    statistic,
    degreesOfFreedom: [dfBetween, dfWithin],
    p: fisherTail(statistic, dfBetween, dfWithin),
    etaSquared: between / (between + within),
    omegaSquared: (between - dfBetween * meanWithin) / (between + within + meanWithin),
  };
}

/**
 * Standard deviation of every component over runs, and its mean: what the thesis calls the standard variance of a layer
 * (Eryilmaz 2023, section 5.3.1; it divides by n, formula 5.1).
 *
 * Each component by itself, relative to the first run, in double precision; sums over components ascend in index. A
 * component that is equal in all runs has no spread at all: zeros of either sign are equal, and so are NaNs. Where runs
 * differ and one of them is NaN or infinite the spread is infinite, and with it the mean and the largest.
 */
import { requireRuns } from './refuse.js';

/** How far n runs lie apart, component by component. */
export interface Spread {
  components: number;
  /** Components that are not equal in all runs. */
  differing: number;
  /** Mean standard deviation, n - 1. */
  meanSd: number;
  /** Mean standard deviation, n. */
  meanSdPopulation: number;
  /** Largest standard deviation, n - 1. */
  maxSd: number;
  /** Components that are below zero in one run and above in another. */
  signFlips: number;
}

/** Sums over components; `spreadOf` turns them into a `Spread`. */
export interface SpreadTally {
  runs: number;
  components: number;
  differing: number;
  sumSd: number;
  sumSdPopulation: number;
  maxSd: number;
  signFlips: number;
}

/** A tally over `runs` runs that has seen nothing. */
export function emptySpread(runs: number): SpreadTally {
  return { runs, components: 0, differing: 0, sumSd: 0, sumSdPopulation: 0, maxSd: 0, signFlips: 0 };
}

/** Sum of squared deviations of component `at` over the runs. */
function squaresAt(runs: readonly Float32Array[], at: number): number {
  const first = runs[0]![at]!;
  let equal = true;
  let sum = 0;
  for (const run of runs) {
    const value = run[at]!;
    equal &&= value === first || (Number.isNaN(value) && Number.isNaN(first));
    sum += value - first;
  }
  if (equal) return 0;
  const mean = sum / runs.length;
  let squares = 0;
  for (const run of runs) {
    const deviation = run[at]! - first - mean;
    squares += deviation * deviation;
  }
  return Number.isFinite(squares) ? squares : Number.POSITIVE_INFINITY;
}

function flips(runs: readonly Float32Array[], at: number): boolean {
  return runs.some((run) => run[at]! < 0) && runs.some((run) => run[at]! > 0);
}

/** Adds the components of arrays of one length, one a run, to a tally. */
export function addSpread(tally: SpreadTally, runs: readonly Float32Array[]): void {
  const { length } = runs[0]!;
  for (let at = 0; at < length; at += 1) {
    const squares = squaresAt(runs, at);
    if (squares === 0) continue;
    const sd = Math.sqrt(squares / (runs.length - 1));
    tally.differing += 1;
    tally.sumSd += sd;
    tally.sumSdPopulation += Math.sqrt(squares / runs.length);
    if (sd > tally.maxSd) tally.maxSd = sd;
    if (flips(runs, at)) tally.signFlips += 1;
  }
  tally.components += length;
}

/** What a tally adds up to; means over no components are 0. */
export function spreadOf({ components, differing, sumSd, sumSdPopulation, maxSd, signFlips }: SpreadTally): Spread {
  const count = Math.max(1, components);
  return {
    components,
    differing,
    meanSd: sumSd / count,
    meanSdPopulation: sumSdPopulation / count,
    maxSd,
    signFlips,
  };
}

/**
 * Standard deviation (n - 1) of every component over the runs, in the order of the components. Throws ArgumentError on
 * fewer than two runs, ShapeError if lengths differ.
 */
export function componentSd(runs: readonly Float32Array[]): Float64Array {
  requireRuns('componentSd', runs);
  return Float64Array.from(runs[0]!, (_, at) => Math.sqrt(squaresAt(runs, at) / (runs.length - 1)));
}

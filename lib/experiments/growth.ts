/** The growth of a distance with the interval of its rate. */
import { type Growth, growthRate } from '../divergence/index.js';
import { studentInterval } from '../stats/index.js';

/** A growth, and the 95 % interval of its rate, null as the rate. Errors along a curve are not independent: it is narrow. */
export type MeasuredGrowth = Growth & { interval: [low: number, high: number] | null };

/** `growthRate` with the interval of the rate. */
export function growthOf(distances: readonly number[], places: readonly number[]): MeasuredGrowth {
  const growth = growthRate(distances, [...places]);
  const { rate, standardError, used } = growth;
  if (rate === null || standardError === null) return { ...growth, interval: null };
  return { ...growth, interval: studentInterval({ estimate: rate, standardError, degreesOfFreedom: used - 2 }) };
}

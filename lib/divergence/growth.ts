/**
 * How fast two runs part: the slope of the logarithm of their distance over steps or epochs, by least squares. A
 * distance that grows e-fold a step has rate 1, one that stays has rate 0, one that shrinks a rate below 0; for a
 * chaotic system it estimates the largest Lyapunov exponent (per step, in nats).
 *
 * A distance of 0 has no logarithm. Zeros are left out of the line and counted; before the first other distance they
 * mean that the runs have not parted yet, so the rate speaks of the time from then on. Distances that are infinite or
 * NaN are left out and counted too. With fewer than two distances left there is no rate: null, not 0.
 */
import { ArgumentError, show } from '../errors/index.js';

/** The growth of a distance. */
export interface Growth {
  /** Slope of log distance per place (step or epoch), in nats; null if fewer than two distances have a logarithm. */
  rate: number | null;
  /** Factor by which the distance grows from one place to the next, exp(rate); null as `rate`. */
  factor: number | null;
  /** Share of the variance of log distance that the line explains, 0 to 1; 1 where there is no variance. */
  rSquared: number | null;
  /** First place with a distance other than 0, null if there is none. */
  firstApart: number | null;
  used: number;
  zeros: number;
  nonFinite: number;
}

function requirePlaces(places: readonly number[], count: number): void {
  const who = 'growthRate';
  if (places.length !== count) {
    throw new ArgumentError({ who, expected: `a place for each of ${count} distances`, got: `${places.length}` });
  }
  for (const [i, place] of places.entries()) {
    if (Number.isFinite(place) && (i === 0 || place > places[i - 1]!)) continue;
    const got = `${show(place)} at index ${i}`;
    throw new ArgumentError({ who, expected: 'ascending finite places', got });
  }
}

/**
 * Growth rate of `distances` (any distance that is never below 0: l2, mean ulp, ...) over `places`, ascending; 0, 1, 2
 * and so on if not given. Throws ArgumentError on a distance below 0, or places that are not as said.
 */
export function growthRate(distances: readonly number[], places = distances.map((_, i) => i)): Growth {
  requirePlaces(places, distances.length);
  const negative = distances.findIndex((distance) => distance < 0);
  if (negative >= 0) {
    const got = `${show(distances[negative])} at index ${negative}`;
    throw new ArgumentError({ who: 'growthRate', expected: 'distances >= 0', got });
  }
  const points: { x: number; y: number }[] = [];
  for (const [i, distance] of distances.entries()) {
    if (distance > 0 && distance < Number.POSITIVE_INFINITY) points.push({ x: places[i]!, y: Math.log(distance) });
  }
  const zeros = distances.filter((distance) => distance === 0).length;
  const firstApart = places[distances.findIndex((distance) => distance !== 0)] ?? null;
  const counts = { firstApart, used: points.length, zeros, nonFinite: distances.length - points.length - zeros };
  return points.length < 2 ? { rate: null, factor: null, rSquared: null, ...counts } : { ...line(points), ...counts };
}

function line(points: readonly { x: number; y: number }[]): { rate: number; factor: number; rSquared: number } {
  let sumX = 0;
  let sumY = 0;
  for (const { x, y } of points) {
    sumX += x;
    sumY += y;
  }
  const meanX = sumX / points.length;
  const meanY = sumY / points.length;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const { x, y } of points) {
    xx += (x - meanX) * (x - meanX);
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) * (y - meanY);
  }
  const rate = xy / xx;
  return { rate, factor: Math.exp(rate), rSquared: yy === 0 ? 1 : Math.min(1, (rate * xy) / yy) };
}

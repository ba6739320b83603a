/**
 * How fast two runs part: the slope of the logarithm of their distance over steps or epochs, by least squares. A
 * distance that grows e-fold a step has rate 1, one that stays has rate 0, one that shrinks a rate below 0; for a
 * chaotic system it estimates the largest Lyapunov exponent (per step, in nats).
 *
 * A distance of 0 has no logarithm. Zeros are left out of the line and counted; before the first other distance they
 * mean that the runs have not parted yet, so the rate speaks of the time from then on (`from` to `to`). Distances that
 * are infinite or NaN are left out and counted too.
 *
 * A rate is only told where the distance does grow as an exponential: through three distances or more (two lie on a line
 * whatever they are), of whose variance the line explains nine tenths. Otherwise it is null, not 0, and `without` says why.
 */
import { ArgumentError, show } from '../errors/index.js';

/** What a rate takes: so many distances, and that share of the variance of their logarithms explained by the line. */
export const leastPoints = 3;
/** The least share of the variance that a line of growth has to explain. */
export const leastRSquared = 0.9;

/** Why there is no rate: too few distances, or a line that misses them. */
export type NoGrowth = 'too few' | 'no line';

/** The growth of a distance. */
export interface Growth {
  /** Slope of log distance per place (step or epoch), in nats; null where there is none. */
  rate: number | null;
  /** Standard error of the rate, with `used` - 2 degrees of freedom; null as `rate`. */
  standardError: number | null;
  /** Factor by which the distance grows from one place to the next, exp(rate); null as `rate`. */
  factor: number | null;
  /** Share of the variance of log distance that the line explains, 0 to 1; 1 where there is no variance; null for too few. */
  rSquared: number | null;
  without: NoGrowth | null;
  /** First and last place that the line goes through, null if there is none. */
  from: number | null;
  to: number | null;
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
  const range = { from: points[0]?.x ?? null, to: points.at(-1)?.x ?? null };
  const counts = { ...range, firstApart, used: points.length, zeros };
  const nonFinite = distances.length - points.length - zeros;
  return { ...lineThrough(points), ...counts, nonFinite };
}

const none = { rate: null, standardError: null, factor: null };

function lineThrough(points: readonly { x: number; y: number }[]) {
  if (points.length < leastPoints) return { ...none, rSquared: null, without: 'too few' as const };
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of points) {
    xx += (x - meanX) * (x - meanX);
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) * (y - meanY);
  }
  const rate = xy / xx;
  const rSquared = yy === 0 ? 1 : Math.min(1, (rate * xy) / yy);
  if (rSquared < leastRSquared) return { ...none, rSquared, without: 'no line' as const };
  const standardError = Math.sqrt(Math.max(0, yy - rate * xy) / (points.length - 2) / xx);
  return { rate, standardError, factor: Math.exp(rate), rSquared, without: null };
}

/** Nats a place from one distance to the next, without a line: log(after / before) / (to - from). */
export const rateBetween = (before: number, after: number, places: number): number => Math.log(after / before) / places;

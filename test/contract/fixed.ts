// Fixed-point series in BigInt for the elementary functions. A value is an integer in units of 2^-P; every
// function here is off by less than 2^24 units for the arguments it is given, which rounding allows for.

import { bitLength, type Dyadic } from './exact.js';

/** A dyadic number in units of 2^-P, rounded down. */
export function toFixed({ mantissa, exponent }: Dyadic, P: number): bigint {
  const shift = exponent + P;
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
}

const cache = new Map<string, bigint>();

function cached(name: string, P: number, compute: () => bigint): bigint {
  const key = `${name}:${P}`;
  let value = cache.get(key);
  if (value === undefined) {
    value = compute();
    cache.set(key, value);
  }
  return value;
}

/** ln 2 = 2 atanh(1/3). */
export const ln2 = (P: number): bigint =>
  cached('ln2', P, () => {
    const third = (1n << BigInt(P)) / 3n;
    return 2n * oddSeries(third, P, 1n);
  });

/** pi / 2 by Machin: pi / 4 = 4 atan(1/5) - atan(1/239). */
export const halfPi = (P: number): bigint =>
  cached('halfPi', P, () => {
    const one = 1n << BigInt(P);
    return 2n * (4n * oddSeries(one / 5n, P, -1n) - oddSeries(one / 239n, P, -1n));
  });

/** x + s x^3/3 + x^5/5 + s x^7/7 + ...: atanh for s = 1, atan for s = -1; |x| <= 1/3. */
function oddSeries(x: bigint, P: number, s: bigint): bigint {
  const square = s * ((x * x) >> BigInt(P));
  let power = x;
  let sum = 0n;
  for (let k = 1n; power !== 0n && power !== -1n; k += 2n) {
    sum += power / k;
    power = (power * square) >> BigInt(P);
  }
  return sum;
}

/** exp(r) for |r| <= 1. */
export function expSmall(r: bigint, P: number): bigint {
  let term = 1n << BigInt(P);
  let sum = 0n;
  for (let k = 1n; term !== 0n && term !== -1n; ++k) {
    sum += term;
    term = ((term * r) >> BigInt(P)) / k;
  }
  return sum;
}

/** sin(r) and cos(r) for |r| <= 1. */
export function sinCosSmall(r: bigint, P: number): { sin: bigint; cos: bigint } {
  const square = (r * r) >> BigInt(P);
  const sums = [0n, 0n];
  [1n << BigInt(P), r].forEach((first, odd) => {
    let term = first;
    for (let k = BigInt(odd) + 1n; term !== 0n && term !== -1n; k += 2n) {
      sums[odd]! += term;
      term = -(((term * square) >> BigInt(P)) / (k * (k + 1n)));
    }
  });
  return { cos: sums[0]!, sin: sums[1]! };
}

/** log of a positive value v * 2^-P, in units of 2^-P. */
export function logFixed(v: bigint, P: number): bigint {
  const one = 1n << BigInt(P);
  // v = m * 2^k with m in about [2/3, 4/3), so that the atanh argument is at most 1/5.
  let k = bitLength(v) - 1 - P;
  const scaled = (shift: number) => (shift >= 0 ? v >> BigInt(shift) : v << BigInt(-shift));
  let m = scaled(k);
  if (3n * m > 4n * one) m = scaled(++k);
  return 2n * oddSeries(((m - one) << BigInt(P)) / (m + one), P, 1n) + BigInt(k) * ln2(P);
}

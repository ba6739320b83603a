// The elementary functions of docs/contract.md, correctly rounded: evaluated in BigInt fixed point with a bracket
// around the true value, and again with more digits until both ends of the bracket round to the same float
// (Ziv). It always ends: away from the exact cases handled first these functions never hit a midpoint of floats.

import { type Dyadic, dyadic, roundToFloat } from './exact.js';
import { expSmall, halfPi, ln2, logFixed, sinCosSmall, toFixed } from './fixed.js';
import { div, mul, sqrt } from './float32.js';

/** Finds `mantissa * 2^exponent` with an error below 2^32 in the mantissa, from `P` binary places. */
type Approximation = (P: number) => Dyadic;

const kUncertain = 1n << 32n;

function correctlyRounded(approximate: Approximation): number {
  for (let P = 256; ; P *= 2) {
    const { mantissa, exponent } = approximate(P);
    const low = roundToFloat({ mantissa: mantissa - kUncertain, exponent });
    const high = roundToFloat({ mantissa: mantissa + kUncertain, exponent });
    if (Object.is(low, high)) return low;
  }
}

/** exp(x) as a dyadic number: exp(r) * 2^k with r = x - k ln 2. */
function expDyadic(x: Dyadic, P: number): Dyadic {
  const fixed = toFixed(x, P);
  const k = fixed / ln2(P);
  return { mantissa: expSmall(fixed - k * ln2(P), P), exponent: Number(k) - P };
}

/** exp(x) in units of 2^-P. */
const expFixed = (x: Dyadic, P: number): bigint => toFixed(expDyadic(x, P), P);

const negate = ({ mantissa, exponent }: Dyadic): Dyadic => ({ mantissa: -mantissa, exponent });

export function exp(x: number): number {
  if (Number.isNaN(x) || x > 100) return x + Infinity;
  if (x < -110) return 0;
  if (x === 0) return 1;
  return correctlyRounded((P) => expDyadic(dyadic(x), P));
}

export function expm1(x: number): number {
  if (Number.isNaN(x) || x > 100) return x + Infinity;
  if (x < -100) return -1;
  if (x === 0) return x;
  return correctlyRounded((P) => {
    const { mantissa, exponent } = expDyadic(dyadic(x), P);
    // Below a half the power of two is 1, so the subtraction loses nothing that the P places had.
    const shift = Math.max(0, -(exponent + P));
    return shift > 0
      ? { mantissa: (mantissa >> BigInt(shift)) - (1n << BigInt(P)), exponent: -P }
      : { mantissa: mantissa - (1n << BigInt(-exponent)), exponent };
  });
}

export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  if (x === 1) return 0;
  return correctlyRounded((P) => ({ mantissa: logFixed(toFixed(dyadic(x), P), P), exponent: -P }));
}

export function log1p(x: number): number {
  if (Number.isNaN(x) || x < -1) return NaN;
  if (x === -1) return -Infinity;
  if (x === 0 || x === Infinity) return x;
  return correctlyRounded((P) => ({
    mantissa: logFixed((1n << BigInt(P)) + toFixed(dyadic(x), P), P),
    exponent: -P,
  }));
}

export function tanh(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (Math.abs(x) > 40) return Math.sign(x);
  return correctlyRounded((P) => {
    const one = 1n << BigInt(P);
    const { mantissa, exponent } = dyadic(-Math.abs(x));
    const e = expFixed({ mantissa: 2n * mantissa, exponent }, P);
    const positive = ((one - e) << BigInt(P)) / (one + e);
    return { mantissa: x < 0 ? -positive : positive, exponent: -P };
  });
}

/** 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 100) return 1;
  if (x < -110) return 0;
  if (x === 0) return 0.5;
  return correctlyRounded((P) => {
    const one = 1n << BigInt(P);
    if (x > 0) return { mantissa: (one << BigInt(P)) / (one + expFixed(negate(dyadic(x)), P)), exponent: -P };
    const e = expFixed(dyadic(x), P);
    return { mantissa: (e << BigInt(P)) / (one + e), exponent: -P };
  });
}

/** The root of v, rounded down. */
function wholeRoot(v: bigint): bigint {
  let root = 1n << BigInt((v.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + v / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The part of the normal distribution below x: 1/2 + density(x) * (x + x^3/3 + x^5/(3 * 5) + ...). */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 15) return x > 0 ? 1 : 0;
  if (x === 0) return 0.5;
  return correctlyRounded((P) => {
    const v = toFixed(dyadic(x), P);
    const square = (v * v) >> BigInt(P);
    let [sum, term] = [0n, v];
    for (let n = 3n; term !== 0n && term !== -1n; n += 2n) {
      sum += term;
      term = ((term * square) >> BigInt(P)) / n;
    }
    const { mantissa: m, exponent: e } = dyadic(x);
    const bell = expDyadic({ mantissa: -m * m, exponent: 2 * e - 1 }, P);
    const root = wholeRoot((4n * halfPi(P)) << BigInt(P));
    const part = toFixed({ mantissa: (bell.mantissa * sum) / root, exponent: bell.exponent }, P);
    return { mantissa: (1n << BigInt(P - 1)) + part, exponent: -P };
  });
}

/** sin or cos by the quarter turn the argument falls into. */
function circular(x: number, quarter: number): number {
  return correctlyRounded((places) => {
    const P = places + 160;
    const fixed = toFixed(dyadic(x), P);
    const half = halfPi(P + 160);
    // Nearest quarter turn; pi has 160 more places than the remainder keeps, enough for |x| < 2^128.
    const wide = fixed << 160n;
    const turns = (2n * wide + half) / (2n * half) - (2n * wide + half < 0n ? 1n : 0n);
    const { sin, cos } = sinCosSmall((wide - turns * half) >> 160n, P);
    const place = Number((((turns + BigInt(quarter)) % 4n) + 4n) % 4n);
    return { mantissa: [sin, cos, -sin, -cos][place]!, exponent: -P };
  });
}

export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  return x === 0 ? x : circular(x, 0);
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  return x === 0 ? 1 : circular(x, 1);
}

/** 1 / sqrt(x), two roundings. */
export const rsqrt = (x: number): number => div(1, sqrt(x));

/** x^n for an integer n by the contract's products. */
export function power(x: number, n: number): number {
  if (n < 0) return div(1, power(x, -n));
  if (n === 0) return 1;
  if (n === 1) return x;
  if (n % 2 === 1) return mul(power(x, n - 1), x);
  const root = power(x, n / 2);
  return mul(root, root);
}

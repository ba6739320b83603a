// pow of docs/contract.md and its gradients: exp(y * log(|x|)) in doubles, rounded once. JavaScript's doubles have the contract's bits.

import { log } from './elementary.js';
import { f32, mul, sub } from './float32.js';

const high = 0.6931471803691238;
const low = 1.9082149292705877e-10;
const toWhole = 1.5 * 2 ** 52;

function logOf(m: number): number {
  let [e, f] = [0, m];
  for (; f > Math.SQRT2; f /= 2) ++e;
  for (; f < Math.SQRT1_2; f *= 2) --e;
  const r = (f - 1) / (f + 1);
  let series = 0;
  for (let n = 11; n >= 0; --n) series = series * (r * r) + 1 / (2 * n + 1);
  return e * high + (2 * r * series + e * low);
}

function expOf(p: number): number {
  const k = p / Math.LN2 + toWhole - toWhole;
  const r = p - k * high - k * low;
  const factorials = [1];
  for (let n = 1; n <= 19; ++n) factorials.push(factorials[n - 1]! * n);
  return factorials.reduceRight((series, factorial) => series * r + 1 / factorial, 0) * 2 ** k;
}

/** Special values as C's pow has them, worked out from what the power means. */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  const whole = Number.isInteger(y) || !Number.isFinite(y);
  const odd = Number.isInteger(y) && Math.abs(y % 2) === 1;
  const negative = x < 0 || Object.is(x, -0);
  if (negative && !whole && size !== 0 && size !== Infinity) return NaN;
  const grows = size > 1 === y > 0;
  const power =
    size === 1
      ? 1
      : size === 0 || size === Infinity || !Number.isFinite(y) || Math.abs(y * Math.log(size)) > 200
        ? grows
          ? Infinity
          : 0
        : f32(expOf(y * logOf(size)));
  return negative && odd ? -power : power;
}

export const powBaseGradient = (x: number, y: number, dz: number): number =>
  y === 0 ? 0 : mul(dz, mul(y, pow(x, sub(y, 1))));

export const powExponentGradient = (x: number, y: number, dz: number): number =>
  x === 0 && y >= 0 ? 0 : mul(dz, mul(pow(x, y), log(x)));

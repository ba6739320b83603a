// Exact dyadic numbers `mantissa * 2^exponent` in BigInt and their one correct rounding to float32: the judge
// of fma and the last step of every elementary function.

import { bitsOf, fromBits } from './float32.js';

export interface Dyadic {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** The exact value of a finite float. */
export function dyadic(value: number): Dyadic {
  const bits = bitsOf(value);
  const biased = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  const magnitude = BigInt(biased === 0 ? fraction : fraction | 0x800000);
  return { mantissa: bits >>> 31 === 1 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 150 };
}

/** `a * b + c`, exactly. */
export function multiplyAdd(a: Dyadic, b: Dyadic, c: Dyadic): Dyadic {
  const exponent = Math.min(a.exponent + b.exponent, c.exponent);
  const product = (a.mantissa * b.mantissa) << BigInt(a.exponent + b.exponent - exponent);
  return { mantissa: product + (c.mantissa << BigInt(c.exponent - exponent)), exponent };
}

/** Number of bits of a non-negative integer. */
export function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return value === 0n ? 0 : (hex.length - 1) * 4 + 32 - Math.clz32(Number.parseInt(hex[0]!, 16));
}

/** The nearest float, ties to even, denormals kept, overflow to infinity; a zero takes the sign asked for. */
export function roundToFloat(value: Dyadic, negativeZero = false): number {
  const negative = value.mantissa < 0n || (value.mantissa === 0n && negativeZero);
  const sign = negative ? -1 : 1;
  const magnitude = value.mantissa < 0n ? -value.mantissa : value.mantissa;
  if (magnitude === 0n) return negative ? -0 : 0;
  const top = bitLength(magnitude) + value.exponent;
  const unit = Math.max(top - 24, -149);
  const shift = unit - value.exponent;
  if (shift <= 0) return sign * assemble(Number(magnitude << BigInt(-shift)), unit);
  const kept = magnitude >> BigInt(shift);
  const rest = magnitude - (kept << BigInt(shift));
  const half = 1n << BigInt(shift - 1);
  const up = rest > half || (rest === half && (kept & 1n) === 1n);
  return sign * assemble(Number(up ? kept + 1n : kept), unit);
}

/** `significand * 2^unit` for a significand of at most 2^24; the bits of a float carry into the exponent field. */
function assemble(significand: number, unit: number): number {
  if (significand === 0) return 0;
  const normal = significand >= 0x800000;
  const bits = normal ? significand - 0x800000 + (unit + 150) * 0x800000 : significand;
  return bits >= 0x7f800000 ? Infinity : fromBits(bits);
}

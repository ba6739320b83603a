// Proves the emulated fma against exact integers: constructed hard cases and many random bit patterns.

import { describe, expect, it } from 'vitest';
import { dyadic, multiplyAdd, roundToFloat } from './exact.js';
import { bitsOf, f32, fma, fromBits } from './float32.js';
import { philox } from './philox.js';

function exactFma(a: number, b: number, c: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b) || !Number.isFinite(c)) return f32(a * b + c);
  const exact = multiplyAdd(dyadic(a), dyadic(b), dyadic(c));
  const productNegative = Object.is(a * b, -0) || a * b < 0;
  const bothNegative = productNegative && (Object.is(c, -0) || c < 0);
  return roundToFloat(exact, bothNegative);
}

function check(a: number, b: number, c: number): void {
  const got = bitsOf(fma(a, b, c));
  const want = bitsOf(exactFma(a, b, c));
  if (got !== want) {
    const hex = [a, b, c].map((v) => bitsOf(v).toString(16)).join(', ');
    expect.fail(`fma(${hex}): expected ${want.toString(16)}, got ${got.toString(16)}`);
  }
}

const largest = fromBits(0x7f7fffff);
const tiny = fromBits(1);
const special = [0, 1, 1.5, 3, tiny, 3 * tiny, fromBits(0x007fffff), fromBits(0x00800000), largest, 2 ** -24, 2 ** 24]
  .concat([1 + 2 ** -23, 1 - 2 ** -24, 2 ** 64, 2 ** -64, 2 ** -75, 2 ** -126, Infinity, NaN])
  .flatMap((v) => [v, -v]);

describe('emulated fma', () => {
  it('is exact for every triple of special values', () => {
    for (const a of special) for (const b of special) for (const c of special) check(a, b, c);
  });

  it('is exact where the addend lies at, just above and just below half a unit of the product', () => {
    for (let k = 0; k < 20_000; ++k) {
      const [w0, w1, w2] = philox([11, 0], [k, 0, 0, 0]);
      const a = fromBits((w0! & 0x007fffff) | 0x3f800000);
      const b = fromBits((w1! & 0x007fffff) | 0x3f800000);
      const sign = (w2! & 1) === 0 ? 1 : -1;
      for (let e = 20; e <= 120; e += 1 + (w2! & 7)) {
        check(a, b, sign * 2 ** e);
        check(a, b, sign * 2 ** -e);
      }
    }
  });

  it('is exact where one double addition followed by one rounding is not', () => {
    // (1 + 2^-12)^2 lies half way between two floats; the 2^-80 beside it is lost by the double and decides.
    const p = 1 + 2 ** -12;
    expect(fma(p, p, 2 ** -80)).not.toBe(f32(p * p + 2 ** -80));
    check(p, p, 2 ** -80);
    check(p, p, -(2 ** -80));
    let differing = 0;
    for (let k = 0; k < 4096; ++k) {
      const x = f32(1 + k * 2 ** -12);
      const y = f32(1 + (4095 - k) * 2 ** -12);
      for (const z of [2 ** -80, -(2 ** -80), 2 ** -100, -(2 ** -100)]) {
        check(x, y, z);
        if (f32(x * y + z) !== fma(x, y, z)) ++differing;
      }
    }
    expect(differing).toBeGreaterThan(0);
  });

  it('is exact for 300,000 random bit patterns, near and far exponents', () => {
    for (let k = 0; k < 100_000; ++k) {
      const [w0, w1, w2, w3] = philox([12, 0], [k, 0, 0, 0]);
      check(fromBits(w0!), fromBits(w1!), fromBits(w2!));
      const near = (w: number, spread: number) => fromBits((w & 0x807fffff) | ((120 + (w3! % spread)) << 23));
      check(near(w0!, 16), near(w1!, 9), near(w2!, 13));
      check(near(w0!, 3), near(w1!, 5), -f32(near(w0!, 3) * near(w1!, 5)));
    }
  });

  it('is exact in the denormal range, ties included', () => {
    for (let k = 0; k < 50_000; ++k) {
      const [w0, w1, w2] = philox([13, 0], [k, 0, 0, 0]);
      const a = fromBits((w0! & 0x807fffff) | ((40 + (w2! % 50)) << 23));
      const b = fromBits((w1! & 0x807fffff) | ((20 + (w0! % 50)) << 23));
      check(a, b, fromBits(w2! & 0x80ffffff));
      check(a, 2 ** -100, fromBits(w2! & 0x800000ff));
    }
  });
});

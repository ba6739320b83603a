import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAN_DISTANCE, ulpDistance, ulpDistanceOfBits } from '../../../lib/divergence/index.js';

const bits = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const isNan = (b: number) => (b & 0x7fffffff) > 0x7f800000;
const isZero = (b: number) => (b & 0x7fffffff) === 0;

describe('ulp distance', () => {
  it('is 0 for the same value, 1 for neighbours', () => {
    expect(ulpDistance(1, 1)).toBe(0);
    expect(ulpDistance(1, 1 + 2 ** -23)).toBe(1);
    expect(ulpDistance(1, 1 - 2 ** -24)).toBe(1);
    expect(ulpDistance(2, 1)).toBe(0x800000);
  });

  it('steps over zero: the smallest positive and the smallest negative denormal are 2 apart, +0 and -0 are 0 apart', () => {
    expect(ulpDistance(0, -0)).toBe(0);
    expect(ulpDistance(2 ** -149, -(2 ** -149))).toBe(2);
    expect(ulpDistance(-0, 2 ** -149)).toBe(1);
  });

  it('counts from the largest finite number to infinity as one step', () => {
    expect(ulpDistance(3.4028234663852886e38, Number.POSITIVE_INFINITY)).toBe(1);
    expect(ulpDistance(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(2 * 0x7f800000);
  });

  it('holds two NaNs equal whatever their payload, and a NaN 2^32 from every number', () => {
    expect(ulpDistanceOfBits(0x7fc00000, 0xffc00001 | 0)).toBe(0);
    expect(ulpDistance(Number.NaN, 0)).toBe(NAN_DISTANCE);
    expect(NAN_DISTANCE).toBe(2 ** 32);
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(bits, bits, (a, b) => ulpDistanceOfBits(a, b) === ulpDistanceOfBits(b, a)),
      { seed: 1001 },
    );
  });

  it('is 0 exactly for equal bits, two zeros, or two NaNs', () => {
    const alike = (a: number, b: number) => a === b || (isZero(a) && isZero(b)) || (isNan(a) && isNan(b));
    fc.assert(
      fc.property(bits, bits, (a, b) => (ulpDistanceOfBits(a, b) === 0) === alike(a, b)),
      { seed: 1002 },
    );
    fc.assert(
      fc.property(bits, (a) => ulpDistanceOfBits(a, a) === 0),
      { seed: 1003 },
    );
  });

  it('keeps the triangle inequality, NaN included', () => {
    const corner = fc.constantFrom(0, -0x80000000, 0x7f800000, -0x800000, 0x7fc00000, 1, 0x3f800000);
    const any = fc.oneof(bits, corner);
    fc.assert(
      fc.property(
        any,
        any,
        any,
        (a, b, c) => ulpDistanceOfBits(a, c) <= ulpDistanceOfBits(a, b) + ulpDistanceOfBits(b, c),
      ),
      { seed: 1004, numRuns: 2000 },
    );
  });

  it('counts representable numbers: k steps up from a number are k apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7f000000 }), fc.integer({ min: 0, max: 0x7fffff }), (a, k) => {
        return ulpDistanceOfBits(a, a + k) === k && ulpDistanceOfBits(-0x80000000 | a, -0x80000000 | (a + k)) === k;
      }),
      { seed: 1005 },
    );
  });
});

// Powers and cosines out of + - * / alone, against those of the C library, which are right to a unit or two of the last place.

import { describe, expect, it } from 'vitest';
import { cosineOfHalfTurn, powerOf } from '../../../lib/schedules/elementary.js';
import { uniforms } from '../../support/inputs.js';

const kUnit = 2 ** -52;
const shares = [...uniforms(18, 7, 2000)].map((x) => Math.abs(x) % 1);

describe('cos(pi * x)', () => {
  it('is exact where it is simple', () => {
    expect([0, 0.5, 1].map(cosineOfHalfTurn)).toEqual([1, 0, -1]);
    expect(Math.abs(cosineOfHalfTurn(1 / 3) - 0.5)).toBeLessThan(kUnit);
  });

  it('is that of the C library within two units of 1', () => {
    for (const x of shares) expect(Math.abs(cosineOfHalfTurn(x) - Math.cos(Math.PI * x))).toBeLessThan(2 * kUnit);
  });
});

describe('x ^ y', () => {
  it('multiplies where y is whole', () => {
    expect([powerOf(0.3, 3), powerOf(0, 0), powerOf(0, 2), powerOf(7, 0)]).toEqual([1 * 0.3 * 0.3 * 0.3, 1, 0, 1]);
  });

  it('is that of the C library for shares to powers up to 100', () => {
    for (const [i, x] of shares.entries()) {
      const y = 100 * shares[(i + 1) % shares.length]!;
      const [ours, theirs] = [powerOf(x, y), x ** y];
      // What is lost in y * log(x) grows with it.
      expect(Math.abs(ours / theirs - 1)).toBeLessThan((4 + Math.abs(y * Math.log(x))) * 2 * kUnit);
    }
  });

  it('goes to 0 where a double has no more room, and is x where x is 0 or 1', () => {
    expect([powerOf(1e-300, 2.5), powerOf(0, 0.5), powerOf(1, 0.3)]).toEqual([0, 0, 1]);
    expect(powerOf(4, 0.5) - 2).toBeLessThan(8 * kUnit);
  });
});

// Philox against the known-answer vectors published with Random123, and the shape of the numbers made from it.

import { describe, expect, it } from 'vitest';
import { normal, philox, shuffle, uniform, wordAt } from './philox.js';

const source = { seed: 0x0123456789abcdefn, stream: 3, step: 7 };

describe('Philox4x32-10', () => {
  it.each([
    [
      [0, 0],
      [0, 0, 0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the published words for key %j and counter %j', (key, counter, words) => {
    expect(philox(key, counter)).toEqual([...words]);
  });

  it('takes the seed low word first and the counter as block, stream, step', () => {
    expect(wordAt(source, 9)).toBe(philox([0x89abcdef, 0x01234567], [2, 0, 3, 7])[1]);
  });
});

describe('numbers made from words', () => {
  it('uniforms lie in [0, 1) with mean near a half', () => {
    const values = uniform(source, 4000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((a, b) => a + b) / 4000).toBeCloseTo(0.5, 1);
  });

  it('normals have mean near 0 and variance near 1', () => {
    const values = normal(source, 2000);
    expect(values.reduce((a, b) => a + b) / 2000).toBeCloseTo(0, 1);
    expect(values.reduce((a, b) => a + b * b) / 2000).toBeCloseTo(1, 1);
  });

  it('a shuffle holds every index once and moves them', () => {
    const order = shuffle(source, 100);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });
});

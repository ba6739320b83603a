/** Seeded shuffles: permutations, stable by seed, and close to uniform. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffle, streams } from '../../../lib/random/index.js';

const sequence = (seed: number, step = 0) => ({ seed, stream: streams.shuffle, step });

describe('shuffle', () => {
  it('is a permutation for any length, seed and step', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.maxSafeNat(), fc.nat(), (n, seed, step) => {
        const order = shuffle(n, sequence(seed, step));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it('is the same for the same sequence and differs for another seed or step', () => {
    const order = [...shuffle(100, sequence(1001))];
    expect([...shuffle(100, sequence(1001))]).toEqual(order);
    expect([...shuffle(100, sequence(1002))]).not.toEqual(order);
    expect([...shuffle(100, sequence(1001, 1))]).not.toEqual(order);
  });

  it('keeps the order of the contract', () => {
    expect([...shuffle(12, sequence(1001))]).toEqual([0, 4, 1, 6, 10, 3, 11, 2, 5, 7, 9, 8]);
  });

  it('gives each of the six orders of three as often, to within five standard deviations', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const key = shuffle(3, sequence(seed)).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((6000 * 5) / 36));
  });

  it('refuses a negative length', () => {
    expect(() => shuffle(-1, sequence(1))).toThrow('shuffle: expected n to be an integer from 0 to 2^32 - 1, got -1');
  });
});

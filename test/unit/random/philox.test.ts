/** Philox in TypeScript: published vectors, an independent BigInt version, and its integer rule. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox, streams, Words } from '../../../lib/random/index.js';

const mask = 0xffffffffn;

/** The same generator from its definition, with 64-bit products. */
function philoxInBigInt(counter: number[], key: [number, number]): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

function philoxOf(counter: number[], key: [number, number]): number[] {
  const words = Uint32Array.from(counter);
  philox(words, ...key);
  return [...words];
}

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

describe('philox4x32-10', () => {
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [Array(4).fill(0xffffffff), Array(2).fill(0xffffffff), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published words for counter %j', (counter, key, expected) => {
    expect(philoxOf(counter, key as [number, number])).toEqual(expected);
  });

  it('equals the definition in 64-bit integers for any counter and key', () => {
    fc.assert(
      fc.property(fc.array(uint32, { minLength: 4, maxLength: 4 }), fc.tuple(uint32, uint32), (counter, key) => {
        expect(philoxOf(counter, key)).toEqual(philoxInBigInt(counter, key));
      }),
    );
  });
});

describe('Words', () => {
  it('puts seed, block, stream and step where the contract says', () => {
    const seed = 0x1234_5678_9abc_d;
    const words = new Words({ seed, stream: 7, step: 9 });
    const block = 2 ** 32 + 5;
    const expected = philoxInBigInt([5, 1, 7, 9], [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]);
    expect([0, 1, 2, 3].map((i) => words.at(4 * block + i))).toEqual(expected);
  });

  it('gives the same word whatever was asked before', () => {
    const sequence = { seed: 1, stream: streams.shuffle, step: 3 };
    const ascending = new Words(sequence);
    const inOrder = Array.from({ length: 40 }, (_, i) => ascending.at(i));
    const descending = new Words(sequence);
    const backwards = Array.from({ length: 40 }, (_, i) => descending.at(39 - i)).reverse();
    expect(backwards).toEqual(inOrder);
  });

  it('gives other words for another seed, stream or step', () => {
    const base = { seed: 1, stream: 0, step: 0 };
    const firsts = [
      base,
      { ...base, seed: 2 },
      { ...base, seed: 2 ** 32 + 1 },
      { ...base, stream: 1 },
      { ...base, step: 1 },
    ];
    expect(new Set(firsts.map((sequence) => new Words(sequence).next())).size).toBe(firsts.length);
  });

  it('draws uniforms that float32 holds exactly', () => {
    const words = new Words({ seed: 5, stream: 0, step: 0 });
    for (let i = 0; i < 1000; i++) {
      const u = words.uniform();
      expect(u).toBe(Math.fround(u));
      expect(u >= 0 && u < 1).toBe(true);
    }
  });

  it('draws integers by the high word of the product, taking the next word where the low one is under 2^32 mod n', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 0xffffffff }), (seed, n) => {
        const sequence = { seed, stream: streams.shuffle, step: 0 };
        const plain = new Words(sequence);
        let product = BigInt(plain.next()) * BigInt(n);
        while ((product & mask) < 2n ** 32n % BigInt(n)) product = BigInt(plain.next()) * BigInt(n);
        expect(new Words(sequence).below(n)).toBe(Number(product >> 32n));
      }),
    );
  });

  it('rejects some words for n just above 2^31', () => {
    const taken = new Words({ seed: 1, stream: 0, step: 0 });
    const plain = new Words({ seed: 1, stream: 0, step: 0 });
    const withRejection = Array.from({ length: 20 }, () => taken.below(2 ** 31 + 1));
    const without = Array.from({ length: 20 }, () => Number((BigInt(plain.next()) * (2n ** 31n + 1n)) >> 32n));
    expect(withRejection).not.toEqual(without);
  });

  it('is even over six faces to within five standard deviations', () => {
    const words = new Words({ seed: 1001, stream: streams.shuffle, step: 0 });
    const counts = Array(6).fill(0);
    for (let i = 0; i < 60000; i++) counts[words.below(6)]++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(5 * Math.sqrt((60000 * 5) / 36));
  });

  it.each([
    [{ seed: -1, stream: 0, step: 0 }, 'random: expected seed to be an integer from 0 to 2^53 - 1, got -1'],
    [{ seed: 0.5, stream: 0, step: 0 }, 'random: expected seed to be an integer from 0 to 2^53 - 1, got 0.5'],
    [
      { seed: 0, stream: 2 ** 32, step: 0 },
      'random: expected stream to be an integer from 0 to 2^32 - 1, got 4294967296',
    ],
    [{ seed: 0, stream: 0, step: -3 }, 'random: expected step to be an integer from 0 to 2^32 - 1, got -3'],
  ])('refuses %j', (sequence, message) => {
    expect(() => new Words(sequence)).toThrow(message);
  });

  it('refuses an empty range', () => {
    const words = new Words({ seed: 0, stream: 0, step: 0 });
    expect(() => words.below(0)).toThrow('below: expected n to be an integer from 1 to 2^32 - 1, got 0');
  });
});

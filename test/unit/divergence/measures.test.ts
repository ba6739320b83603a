// Every measure of a pair against exact integer arithmetic, and what each says of NaN, infinities and signed zeros.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArrays } from '../../../lib/divergence/index.js';
import { exactly } from './exact.js';

const f32 = (...values: number[]) => Float32Array.from(values);
const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
/** Pairs of a number and one a few ulp, or anything, away. */
const pair = fc
  .tuple(finite, fc.oneof(finite, fc.constantFrom(0, 1, 2, 5, 300)))
  .map(([a, b]) => (Number.isInteger(b) && b >= 0 && b <= 300 ? [a, step(a, b)] : [a, b]) as [number, number]);
const pairs = fc.array(pair, { minLength: 1, maxLength: 30 });

function step(value: number, ulps: number): number {
  const words = new Int32Array(f32(value).buffer);
  words[0]! += ulps;
  const [moved] = new Float32Array(words.buffer);
  return Number.isFinite(moved) ? moved! : value;
}

const near = (got: number, want: number, scale = Math.abs(want)) => Math.abs(got - want) <= 1e-12 * scale;

describe('measures of finite numbers', () => {
  it('agree with exact integers: counts to the last one, sums within rounding', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [a, b] = [list.map(([x]) => x), list.map(([, y]) => y)];
        const found = compareArrays(f32(...a), f32(...b));
        const want = exactly(a, b);
        expect(found.maxUlp).toBe(Number(want.maxUlp));
        expect(found.meanUlp).toBe(Number(want.sumUlp) / a.length);
        expect(found.ulpHistogram).toEqual(want.histogram);
        expect(found.differingBitsByPosition).toEqual(want.positions.map((count) => count / a.length));
        expect(found.signFlips).toBe(want.signFlips);
        for (const name of ['maxAbsolute', 'meanAbsolute', 'maxRelative', 'meanRelative', 'l2'] as const) {
          expect(near(found[name], want[name]), `${name} ${found[name]} ${want[name]}`).toBe(true);
        }
        const cosine = want.dot / Math.sqrt(want.squaresA * want.squaresB);
        if (want.squaresA > 0 && want.squaresB > 0) expect(near(found.cosineSimilarity, cosine, 1)).toBe(true);
      }),
      { seed: 41, numRuns: 500 },
    );
  });

  it('count every element in one bin and every differing bit in one field', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const found = compareArrays(f32(...list.map(([x]) => x)), f32(...list.map(([, y]) => y)));
        const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
        expect(sum(found.ulpHistogram)).toBe(found.elements);
        const { sign, exponent, mantissa } = found.differingBitsByField;
        const bits = found.differingBitsByPosition.map((share) => Math.round(share * list.length));
        expect({ sign, exponent, mantissa }).toEqual({
          sign: bits[31],
          exponent: sum(bits.slice(23, 31)),
          mantissa: sum(bits.slice(0, 23)),
        });
      }),
      { seed: 42 },
    );
  });

  it('of a worked example: one step of the mantissa, a doubling, a change of sign, nothing', () => {
    const found = compareArrays(f32(1, 1, 1, 1), f32(1 + 2 ** -23, 2, -1, 1));
    const bins = { 0: 1, 1: 1, 24: 1, 31: 1 };
    expect(found.ulpHistogram.map((count, bin) => [bin, count]).filter(([, count]) => count)).toEqual(
      Object.entries(bins).map(([bin, count]) => [Number(bin), count]),
    );
    expect(found.differingBitsByField).toEqual({ sign: 1, exponent: 8, mantissa: 1 });
    expect(found.meanRelative).toBe((2 ** -23 / (1 + 2 ** -23) + 1 / 2 + 2) / 4);
  });
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** What each measure says of one element beside another. */
const strange: [string, number, number, Partial<ReturnType<typeof compareArrays>>, number][] = [
  [
    'zeros of both signs',
    0,
    -0,
    { differing: 1, maxUlp: 0, l2: 0, maxRelative: 0, signFlips: 0, cosineSimilarity: 1 },
    0,
  ],
  ['two NaNs', nan, nan, { differing: 0, maxUlp: 0, l2: 0, maxRelative: 0, signFlips: 0, cosineSimilarity: nan }, 0],
  [
    'NaN and 1',
    nan,
    1,
    { differing: 1, maxUlp: 2 ** 32, l2: inf, maxRelative: inf, signFlips: 0, cosineSimilarity: nan },
    33,
  ],
  [
    'NaN and 0',
    nan,
    0,
    { differing: 1, maxUlp: 2 ** 32, l2: inf, maxRelative: inf, signFlips: 0, cosineSimilarity: nan },
    33,
  ],
  ['NaN and infinity', nan, inf, { maxUlp: 2 ** 32, l2: inf, meanRelative: inf, cosineSimilarity: nan }, 33],
  ['two infinities', inf, inf, { differing: 0, maxUlp: 0, l2: 0, meanAbsolute: 0, cosineSimilarity: nan }, 0],
  [
    'infinities of both signs',
    inf,
    -inf,
    { maxUlp: 2 * 0x7f800000, meanAbsolute: inf, meanRelative: inf, signFlips: 1 },
    32,
  ],
  ['infinity and the largest number', inf, 3.4028234663852886e38, { maxUlp: 1, l2: inf, maxRelative: inf }, 1],
  ['infinity and 0', inf, 0, { maxUlp: 0x7f800000, meanAbsolute: inf, signFlips: 0, cosineSimilarity: nan }, 31],
  ['0 and the smallest denormal', 0, 2 ** -149, { maxUlp: 1, l2: 2 ** -149, maxRelative: 1, cosineSimilarity: 0 }, 1],
];

describe('measures of strange numbers', () => {
  it.each(strange)('%s', (_, a, b, want, bin) => {
    for (const found of [compareArrays(f32(a), f32(b)), compareArrays(f32(b), f32(a))]) {
      expect(found).toMatchObject(want);
      expect(found.ulpHistogram).toEqual(Array.from({ length: 34 }, (__, k) => (k === bin ? 1 : 0)));
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArrays } from '../../../lib/divergence/index.js';

const f32 = (...values: number[]) => Float32Array.from(values);
const fromBits = (...values: number[]) => new Float32Array(Uint32Array.from(values).buffer);
const arrays = fc.float32Array({ minLength: 1, maxLength: 40 });

describe('compareArrays', () => {
  it('finds nothing between an array and itself', () => {
    fc.assert(
      fc.property(arrays, (a) => {
        const found = compareArrays(a, a.slice());
        expect(found).toMatchObject({ differing: 0, firstDiffering: null, maxUlp: 0, differingBits: 0, l2: 0 });
      }),
      { seed: 1 },
    );
  });

  it('finds one flipped bit at its place and position', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0x00800000, max: 0x7effffff }), { minLength: 1, maxLength: 20 }),
        fc.nat(19),
        fc.nat(22),
        (words, at, bit) => {
          const index = at % words.length;
          const changed = words.map((word, i) => (i === index ? word ^ (1 << bit) : word));
          const found = compareArrays(fromBits(...words), fromBits(...changed));
          expect(found.differing).toBe(1);
          expect(found.firstDiffering).toBe(index);
          expect(found.maxUlp).toBe(2 ** bit);
          expect(found.differingBits).toBe(1 / (32 * words.length));
          expect(found.differingBitsByPosition[bit]).toBe(1 / words.length);
        },
      ),
      { seed: 2 },
    );
  });

  it('measures a worked example', () => {
    const found = compareArrays(f32(1, 2, -3, 4), f32(1, 2.5, 3, 4));
    expect(found).toMatchObject({
      elements: 4,
      differing: 2,
      firstDiffering: 1,
      maxAbsolute: 6,
      meanAbsolute: 6.5 / 4,
      maxRelative: 2,
      l2: Math.sqrt(36.25),
      signFlips: 1,
    });
    expect(found.cosineSimilarity).toBeCloseTo(13 / Math.sqrt(30 * 32.25), 15);
  });

  it('is symmetric in every measure', () => {
    fc.assert(
      fc.property(arrays, arrays, (a, b) => {
        const length = Math.min(a.length, b.length);
        const [x, y] = [a.subarray(0, length), b.subarray(0, length)];
        expect(compareArrays(x, y)).toEqual(compareArrays(y, x));
      }),
      { seed: 3 },
    );
  });

  it('sees zeros of different sign as one differing bit and 0 ulp', () => {
    const found = compareArrays(f32(0), f32(-0));
    expect(found).toMatchObject({ differing: 1, maxUlp: 0, differingBits: 1 / 32, maxAbsolute: 0, signFlips: 0 });
    expect(found.differingBitsByPosition[31]).toBe(1);
  });

  it('sees NaNs of different payload as equal, and a NaN beside a number as an infinite difference', () => {
    expect(compareArrays(fromBits(0x7fc00000), fromBits(0xffc01234)).differing).toBe(0);
    const found = compareArrays(f32(Number.NaN), f32(1));
    expect(found).toMatchObject({ maxUlp: 2 ** 32, maxAbsolute: Number.POSITIVE_INFINITY });
    expect(found.cosineSimilarity).toBeNaN();
  });

  it('gives cosine similarity 1 for two zero vectors, 0 for one, -1 for opposite ones, and exactly 1 for equal ones', () => {
    expect(compareArrays(f32(0, 0), f32(0, 0)).cosineSimilarity).toBe(1);
    expect(compareArrays(f32(0, 0), f32(1, 0)).cosineSimilarity).toBe(0);
    expect(compareArrays(f32(1, -3), f32(-1, 3)).cosineSimilarity).toBe(-1);
    expect(compareArrays(f32(0.1, 0.7, -9), f32(0.1, 0.7, -9)).cosineSimilarity).toBe(1);
  });

  it('reads a view that does not begin at the start of its buffer', () => {
    const whole = f32(9, 1, 2, 3);
    expect(compareArrays(whole.subarray(1), f32(1, 2, 4)).firstDiffering).toBe(2);
  });

  it('refuses what is no Float32Array, and arrays of different lengths; takes shared memory', () => {
    expect(() => compareArrays(f32(1, 2), [1, 2] as never)).toThrow(
      'divergence: expected two Float32Arrays, got [1, 2]',
    );
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([1, 3]);
    expect(compareArrays(f32(1, 2), shared)).toMatchObject({ differing: 1, firstDiffering: 1, maxAbsolute: 1 });
    expect(() => compareArrays(f32(1, 2), f32(1))).toThrow('divergence: expected two arrays of one length (2), got 1');
  });
});

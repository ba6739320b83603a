// The measures between two heat maps, against formulas written another way, and where the heat lies.

import { corr } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { centreOfMass, type HeatMap, heatByHalf, stability, structuralSimilarity } from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';

const drawn = (stream: number, height = 12, width = 15): HeatMap => ({
  height,
  width,
  values: uniforms(5, stream, height * width),
});
const filled = (value: number, height = 12, width = 15): HeatMap => ({
  height,
  width,
  values: new Float32Array(height * width).fill(value),
});

/** Structural similarity by mean squares, windows cut out one by one. */
function ssimByMoments(a: HeatMap, b: HeatMap): number {
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const found: number[] = [];
  for (let top = 0; top <= a.height - 7; top++) {
    for (let left = 0; left <= a.width - 7; left++) {
      const cut = ({ width, values }: HeatMap) =>
        Array.from({ length: 49 }, (_, i) => values[(top + Math.floor(i / 7)) * width + left + (i % 7)]!);
      const [p, q] = [cut(a), cut(b)];
      const [mp, mq] = [mean(p), mean(q)];
      const sample = 49 / 48;
      const vp = sample * (mean(p.map((x) => x * x)) - mp * mp);
      const vq = sample * (mean(q.map((x) => x * x)) - mq * mq);
      const both = sample * (mean(p.map((x, i) => x * q[i]!)) - mp * mq);
      found.push(((2 * mp * mq + 1e-4) * (2 * both + 9e-4)) / ((mp * mp + mq * mq + 1e-4) * (vp + vq + 9e-4)));
    }
  }
  return mean(found);
}

describe('stability', () => {
  it('of a map and itself is perfect, exactly', () => {
    const map = drawn(1);
    const { pearson, ...rest } = stability(map, { ...map, values: Float32Array.from(map.values) });
    expect(rest).toEqual({ sameBits: true, ssim: 1, hottestOverlap: 1, centreShift: 0 });
    expect(pearson).toBeCloseTo(1, 14);
  });

  it('agrees with other formulas for two maps', () => {
    for (const stream of [2, 3, 4]) {
      const [a, b] = [drawn(1), drawn(stream)];
      const found = stability(a, b);
      expect(found.sameBits).toBe(false);
      expect(found.pearson).toBeCloseTo(corr([...a.values], [...b.values]) as unknown as number, 12);
      expect(found.ssim).toBeCloseTo(ssimByMoments(a, b), 10);
      const above = ({ values }: HeatMap) => [...values].sort((x, y) => y - x)[17]!;
      const both = a.values.filter((value, i) => value >= above(a) && b.values[i]! >= above(b)).length;
      expect(found.hottestOverlap).toBe(both / 18);
    }
  });

  it('sees a difference in one bit, and a sign of zero', () => {
    const map = drawn(1);
    const bits = new Uint32Array(Float32Array.from(map.values).buffer);
    bits[80]! ^= 1;
    expect(stability(map, { ...map, values: new Float32Array(bits.buffer) }).sameBits).toBe(false);
    const zero = { ...map, values: map.values.map((value, i) => (i === 0 ? 0 : value)) };
    const minus = { ...map, values: map.values.map((value, i) => (i === 0 ? -0 : value)) };
    expect(stability(zero, minus).sameBits).toBe(false);
  });

  it('moves the centre by as much as the heat', () => {
    const spot = (row: number, column: number) => {
      const map = filled(0);
      map.values[row * 15 + column] = 0.5;
      map.values[row * 15 + column + 1] = 0.5;
      return map;
    };
    expect(centreOfMass(spot(3, 4))).toEqual({ row: 3, column: 4.5 });
    expect(stability(spot(3, 4), spot(6, 8))).toMatchObject({ centreShift: 5, hottestOverlap: expect.any(Number) });
  });

  it('is worse the farther a spot of heat moves', () => {
    const spot = (column: number) => {
      const map = filled(0, 12, 40);
      for (let i = 0; i < 48; i++) map.values[Math.floor(i / 4) * 40 + column + (i % 4)] = 1;
      return map;
    };
    const shifts = [0, 1, 2, 3].map((by) => stability(spot(5), spot(5 + by)));
    expect(shifts.map(({ hottestOverlap }) => hottestOverlap)).toEqual([1, 0.75, 0.5, 0.25]);
    const ssim = shifts.map((one) => one.ssim);
    expect(ssim).toEqual([...ssim].sort((a, b) => b - a));
  });

  it('has no correlation, overlap and centre where there is no contrast or no heat', () => {
    const nothing = { pearson: null, hottestOverlap: null, centreShift: null };
    expect(stability(filled(0), drawn(1))).toMatchObject({ ...nothing, sameBits: false });
    expect(stability(filled(0), filled(0))).toEqual({ ...nothing, sameBits: true, ssim: 1 });
    expect(stability(filled(0.25), drawn(1)).pearson).toBeNull();
  });

  it('takes of equal values the lower index first', () => {
    const half = filled(0.5);
    expect(stability(half, half).hottestOverlap).toBe(1);
    const late = filled(0.5);
    late.values[179] = 1;
    expect(stability(half, late).hottestOverlap).toBe(17 / 18);
  });

  it('refuses maps of two sizes and maps under 7 x 7', () => {
    expect(() => stability(filled(0), filled(0, 15, 12))).toThrow(
      'stability: expected two maps of one size [12, 15], got [15, 12]',
    );
    expect(() => structuralSimilarity(filled(0, 6, 9), filled(0, 6, 9))).toThrow(
      'structuralSimilarity: expected maps of at least 7 x 7, got [6, 9]',
    );
  });
});

describe('heatByHalf', () => {
  it('shares the heat out, the middle column of an odd width to both sides', () => {
    const map = (width: number, values: number[]) => ({ height: 2, width, values: Float32Array.from(values) });
    expect(heatByHalf(map(2, [1, 2, 3, 2]))).toEqual({ left: 0.5, right: 0.5 });
    expect(heatByHalf(map(4, [1, 2, 0, 0, 3, 0, 1, 1]))).toEqual({ left: 0.75, right: 0.25 });
    expect(heatByHalf(map(3, [0, 2, 1, 0, 0, 1]))).toEqual({ left: 0.25, right: 0.75 });
    expect(heatByHalf(map(2, [0, 0, 0, 0]))).toBeNull();
  });
});

// Growth rates against scipy's line of least squares, with its interval; fixtures/lines.json is made by line_samples.py.

import { describe, expect, it } from 'vitest';
import { leastRSquared } from '../../lib/divergence/index.js';
import { growthOf } from '../../lib/experiments/growth.js';
import { text } from '../architecture/sources.js';

interface Line {
  places: number[];
  distances: number[];
  slope: number;
  standardError: number;
  rSquared: number;
  interval: [number, number];
}
const { scipy, samples } = JSON.parse(text('test/agreement/fixtures/lines.json')) as { scipy: string; samples: Line[] };

describe(`growth rates agree with scipy ${scipy}`, () => {
  const relative = (got: number, want: number) => Math.abs(got - want) / Math.abs(want);

  it(`on ${samples.length} curves, and there is none where scipy's line explains too little`, () => {
    const lines = samples.filter(({ rSquared }) => rSquared >= leastRSquared);
    expect(lines.length).toBeGreaterThan(8);
    expect(samples.length - lines.length).toBeGreaterThan(8);
    for (const { places, distances, slope, standardError, rSquared, interval } of samples) {
      const found = growthOf(distances, places);
      expect(found.rSquared).toBeCloseTo(rSquared, 10);
      if (rSquared < leastRSquared) {
        expect(found).toMatchObject({ rate: null, interval: null, without: 'no line' });
        continue;
      }
      expect(relative(found.rate!, slope)).toBeLessThan(1e-9);
      expect(relative(found.standardError!, standardError)).toBeLessThan(1e-6);
      for (const end of [0, 1] as const) expect(relative(found.interval![end], interval[end])).toBeLessThan(1e-6);
    }
  });
});

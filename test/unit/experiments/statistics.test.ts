// What is counted as an observation, which tests are made, how their p is adjusted, and when an interval is given.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetResult } from '../../../lib/experiments/index.js';
import { statisticsOfTargets } from '../../../lib/experiments/statistics.js';
import { leastForInterval } from '../../../lib/stats/index.js';
import { drawFrom } from '../../support/fixtures.js';
import { sampleResult } from '../../support/result.js';

/** Statistics of trainings with these losses: deterministic ones by the name of their bits. */
function statisticsOf(deterministic: readonly (readonly [bits: string, loss: number])[], atomic: readonly number[]) {
  const { targets } = sampleResult({ epochs: 1, runs: 2 });
  const [ordered, arrived] = Object.values(targets) as [TargetResult, TargetResult];
  const runOf = (weightsHash: string, loss: number, i: number) => {
    const epoch = { ...ordered.runs[0]!.epochs[0]!, loss, accuracy: loss / 2, valLoss: null, valAccuracy: null };
    return { ...ordered.runs[0]!, weightsHash, epochs: [epoch], stepSecondsMedian: 1 + i / 64 };
  };
  ordered.runs = deterministic.map(([bits, loss], i) => runOf(bits, loss, i));
  arrived.runs = atomic.map((loss, i) => runOf(`atomic ${i}`, loss, i + 1));
  return statisticsOfTargets({ d: ordered, a: arrived }, drawFrom(3))!;
}

const copies = (count: number, loss = 0.5) => Array.from({ length: count }, () => ['same', loss] as const);

describe('deterministic runs of the same bits', () => {
  const [loss] = statisticsOf(copies(3), [0.5, 0.625, 0.75]);

  it('are one observation: a value to test against, and no group', () => {
    expect(loss!.deterministic).toMatchObject({ observations: 1, summary: { count: 3 } });
    expect(loss!.atomic.observations).toBe(3);
    // t = (0.625 - 0.5) / (0.125 / sqrt 3) with 2 degrees of freedom.
    expect(loss!.tTest.statistic).toBeCloseTo(Math.sqrt(3), 14);
    expect(loss!.tTest.degreesOfFreedom).toBe(2);
    const none = { statistic: null, p: null, pHolm: null, degenerate: 'one observation' };
    expect(loss!.anova).toMatchObject(none);
    expect(loss!.kruskalWallis).toMatchObject(none);
    expect([loss!.etaSquared, loss!.epsilonSquared]).toEqual(
      [1, 2].map(() => ({ value: null, degenerate: 'one observation' })),
    );
    // In standard deviations of the atomic runs, not pooled with copies that have none.
    expect(loss!.cohensD.value).toBeCloseTo(1, 14);
  });

  it('make no difference by their number: drawn losses, seed 7', () => {
    const losses = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(losses, fc.integer({ min: 2, max: 12 }), (drawn, count) => {
        const atomic = drawn.map((value) => value / 64);
        const told = (copied: number) => {
          const [{ deterministic: _, ...one }] = statisticsOf(copies(copied), atomic) as [
            ReturnType<typeof statisticsOf>[0],
          ];
          const { tTest, ...rest } = one;
          return { ...rest, tTest: { ...tTest, pHolm: null } };
        };
        expect(told(count)).toEqual(told(1 + count));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('that differ after all are as many observations as there are bit patterns', () => {
    const [one] = statisticsOf(
      [
        ['a', 0.5],
        ['b', 0.25],
        ['a', 0.5],
      ],
      [0.5, 0.625, 0.75],
    );
    expect(one!.deterministic.observations).toBe(2);
    expect(one!.tTest).toMatchObject({ p: null, degenerate: 'no value' });
    expect(one!.anova.degreesOfFreedom).toEqual([1, 3]);
    expect(one!.anova.degenerate).toBeNull();
  });
});

describe('step times', () => {
  it('are observations in both modes, compared as groups and not with a mean taken for a value', () => {
    const times = statisticsOf(copies(4), [0.5, 0.625, 0.75]).at(-1)!;
    expect(times.measure).toBe('stepSeconds');
    expect(times.deterministic.observations).toBe(4);
    expect(times.tTest).toMatchObject({ p: null, degenerate: 'no value' });
    expect(times.anova.degreesOfFreedom).toEqual([1, 5]);
  });
});

describe('intervals', () => {
  it(`are given from ${leastForInterval} observations on`, () => {
    const atomic = Array.from({ length: leastForInterval }, (_, i) => i / 64);
    const [loss] = statisticsOf(copies(leastForInterval), atomic);
    expect(loss!.atomic.interval).toMatchObject({ level: 0.95 });
    expect(loss!.deterministic.interval).toBeNull();
    const [fewer] = statisticsOf(copies(leastForInterval), atomic.slice(1));
    expect(fewer!.atomic.interval).toBeNull();
  });
});

describe('the p of several tests', () => {
  it('is adjusted over all of them, and none goes below its own', () => {
    const all = statisticsOf(copies(3), [0.5, 0.625, 0.75]);
    const tests = all.flatMap(({ tTest, anova, kruskalWallis }) => [tTest, anova, kruskalWallis]);
    const made = tests.filter(({ p }) => p !== null);
    // Loss and accuracy against their values, step times as groups by two tests.
    expect(made).toHaveLength(4);
    for (const { p, pHolm } of made) expect(pHolm!).toBeGreaterThanOrEqual(p!);
    const least = Math.min(...made.map(({ p }) => p!));
    expect(Math.min(...made.map(({ pHolm }) => pHolm!))).toBeCloseTo(Math.min(1, 4 * least), 14);
    expect(tests.filter(({ p, pHolm }) => (p === null) !== (pHolm === null))).toEqual([]);
  });
});

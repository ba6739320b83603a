// What scipy cannot judge: closed forms, badly scaled samples where scipy loses digits, and laws every test keeps.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareTail, fisherTail, studentTails } from '../../../lib/stats/distributions.js';
import {
  anova,
  cohensD,
  hedgesG,
  kruskalWallis,
  oneSampleTTest,
  populationStandardDeviation,
  standardDeviation,
  summarize,
} from '../../../lib/stats/index.js';

const relative = (got: number, want: number) => (got === want ? 0 : Math.abs(got - want) / Math.abs(want));
const places = Array.from({ length: 200 }, (_, i) => 10 ** (-9 + i / 13));

describe('tails', () => {
  it('of t with 1 and 2 degrees of freedom are those of their closed forms', () => {
    for (const t of places) {
      expect(relative(studentTails(t, 1), (2 / Math.PI) * Math.atan(1 / t))).toBeLessThan(1e-13);
      const root = Math.sqrt(2 + t * t);
      expect(relative(studentTails(t, 2), 2 / (root * (root + t)))).toBeLessThan(1e-13);
      expect(studentTails(-t, 7)).toBe(studentTails(t, 7));
    }
  });

  it('of F with 2 degrees of freedom above are (1 + 2 f / n)^(-n / 2), down to where F is too small for scipy', () => {
    for (const f of places) {
      for (const n of [1, 2, 5, 30]) {
        expect(relative(fisherTail(f, 2, n), (1 + (2 * f) / n) ** (-n / 2))).toBeLessThan(1e-12);
      }
    }
    // 1 - sqrt(2 f / pi) to all digits, for so many degrees of freedom within; scipy 1.10 gives 0.9998225521.
    expect(fisherTail(4.9469356146494135e-8, 1, 3000)).toBeCloseTo(0.99982255164, 10);
  });

  it('of chi-square with 2 degrees of freedom are exp(-x / 2), and 0 where that underflows', () => {
    for (const x of places.filter((place) => place < 1400)) {
      expect(relative(chiSquareTail(x, 2), Math.exp(-x / 2))).toBeLessThan(1e-12);
    }
    expect([0, 1e5, 1e300].map((x) => chiSquareTail(x, 3))).toEqual([1, 0, 0]);
    expect(chiSquareTail(1e-9, 2000)).toBe(1);
  });

  it('are 0 at infinity and NaN for NaN', () => {
    expect([studentTails(Number.NEGATIVE_INFINITY, 3), fisherTail(Number.POSITIVE_INFINITY, 2, 3)]).toEqual([0, 0]);
    expect([studentTails(Number.NaN, 3), fisherTail(Number.NaN, 2, 3), chiSquareTail(Number.NaN, 2)]).toEqual(
      [1, 2, 3].map(() => Number.NaN),
    );
  });
});

/** 1024^2 n times the sum of squared deviations of n integers over 1024, exactly. */
function exactSquares(steps: readonly bigint[]): bigint {
  const sum = steps.reduce((total, step) => total + step, 0n);
  return BigInt(steps.length) * steps.reduce((total, step) => total + step * step, 0n) - sum * sum;
}

describe('badly scaled samples', () => {
  it('keep every digit of standard deviation and t far from zero, against exact integers', () => {
    const steps = fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 2, maxLength: 25 });
    fc.assert(
      fc.property(steps, (list) => {
        fc.pre(new Set(list).size > 1);
        const n = list.length;
        const values = list.map((step) => 1e9 + step / 1024);
        const sd = Math.sqrt(Number(exactSquares(list.map(BigInt))) / (n * (n - 1))) / 1024;
        expect(relative(standardDeviation(values), sd)).toBeLessThan(1e-14);
        const difference = list.reduce((sum, step) => sum + step, 1024 * n) / (1024 * n);
        expect(relative(oneSampleTTest(values, 1e9 - 1).statistic, (difference / sd) * Math.sqrt(n))).toBeLessThan(
          1e-13,
        );
      }),
      { seed: 31 },
    );
  });

  it('give the same F and d far from zero as near it', () => {
    const near = [
      [1, 2, 4],
      [2, 5, 5.5],
      [0, 1, 0.5],
    ];
    const far = near.map((list) => list.map((value) => value + 2 ** 40));
    expect(anova(far)).toEqual(anova(near));
    expect(cohensD(far[0]!, far[1]!)).toBe(cohensD(near[0]!, near[1]!));
    expect(cohensD(far[0]!, 2 ** 40 - 1)).toBe(cohensD(near[0]!, -1));
  });

  it('keep the spread of a group that is small beside another group', () => {
    const found = anova([
      [2 ** 40, 2 ** 40],
      [1, 1 + 2 ** -40],
    ]);
    // Between 2^80, within 2^-81 over 2 degrees of freedom.
    expect(found.statistic / 2 ** 162).toBeCloseTo(1, 9);
  });

  it('of equal values have no spread, whatever three times 0.1 adds up to', () => {
    expect(summarize([0.1, 0.1, 0.1])).toMatchObject({ mean: 0.1, sd: 0, sdPopulation: 0 });
    const infinite = { statistic: Number.POSITIVE_INFINITY, p: 0, mean: 0.1, sd: 0 };
    expect(oneSampleTTest([0.1, 0.1, 0.1], 0)).toMatchObject(infinite);
    expect(oneSampleTTest([0.1, 0.1, 0.1], 0.1)).toMatchObject({ statistic: Number.NaN, p: Number.NaN });
  });

  it('too far apart to be squared are refused', () => {
    expect(() => standardDeviation([-1e200, 1e200])).toThrow(
      'standardDeviation: expected numbers whose squared deviations can be added up, got a spread of 2e+200',
    );
  });
});

const number = fc.integer({ min: -50, max: 50 }).map((step) => step / 4);
const group = fc.array(number, { minLength: 2, maxLength: 12 });
const groups = fc.array(group, { minLength: 2, maxLength: 5 }).filter((list) => new Set(list.flat()).size > 1);

describe('laws', () => {
  it('t of two values against their spread is F of one group against the same: t^2 = F for two groups', () => {
    fc.assert(
      fc.property(group, group, (a, b) => {
        fc.pre(standardDeviation(a) + standardDeviation(b) > 0);
        const { statistic, p } = anova([a, b]);
        const d = cohensD(a, b);
        const t = d / Math.sqrt(1 / a.length + 1 / b.length);
        expect(Math.abs(statistic - t * t)).toBeLessThanOrEqual(1e-9 * (1 + statistic));
        expect(Math.abs(p - studentTails(t, a.length + b.length - 2))).toBeLessThan(1e-9);
      }),
      { seed: 32 },
    );
  });

  it('ranks are all that Kruskal-Wallis sees, and the order of groups and values is nothing to it', () => {
    fc.assert(
      fc.property(groups, (list) => {
        const { statistic, p } = kruskalWallis(list);
        expect(kruskalWallis(list.map((one) => one.map((value) => value ** 3 + 7)))).toEqual(kruskalWallis(list));
        const turned = kruskalWallis([...list].reverse().map((one) => [...one].reverse()));
        expect(Math.abs(turned.statistic - statistic)).toBeLessThan(1e-10);
        expect(Math.abs(turned.p - p)).toBeLessThan(1e-10);
      }),
      { seed: 33 },
    );
  });

  it('effect sizes do not change with unit and zero; shares lie between 0 and 1; omega is below eta', () => {
    fc.assert(
      fc.property(groups, fc.constantFrom(0.125, 1, 1024), number, (list, unit, zero) => {
        const { etaSquared, omegaSquared } = anova(list);
        if (list.some((one) => new Set(one).size > 1)) expect(omegaSquared).toBeLessThanOrEqual(etaSquared);
        expect(etaSquared).toBeGreaterThanOrEqual(0);
        expect(etaSquared).toBeLessThanOrEqual(1);
        const other = anova(list.map((one) => one.map((value) => value * unit + zero)));
        expect(Math.abs(other.etaSquared - etaSquared)).toBeLessThan(1e-10);
        expect(kruskalWallis(list).epsilonSquared).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { seed: 34 },
    );
  });

  it('g is d, drawn towards 0 by a factor that nears 1', () => {
    const few = [1, 2, 4];
    const many = Array.from({ length: 400 }, (_, i) => few[i % 3]!);
    expect(hedgesG(few, 0) / cohensD(few, 0)).toBeCloseTo(Math.sqrt(1 / Math.PI), 12);
    expect(hedgesG(many, 0) / cohensD(many, 0)).toBeCloseTo(1 - 3 / (4 * 399 - 1), 6);
  });
});

describe('refusals', () => {
  const cases: [() => unknown, string][] = [
    [() => oneSampleTTest([], 0), 'oneSampleTTest: expected at least 2 numbers, got none'],
    [() => oneSampleTTest([1, 2], Number.NaN), 'oneSampleTTest: expected value to be a finite number, got NaN'],
    [() => cohensD([1], 0), 'cohensD: expected at least 2 numbers, got 1'],
    [() => cohensD([1, 2], [3]), 'cohensD: expected at least 2 numbers, got 1'],
    [() => cohensD([1, 2], Number.NaN), 'cohensD: expected value to be a finite number, got NaN'],
    [() => hedgesG([1, 2], 0), 'hedgesG: expected at least 3 numbers, got 2'],
    [() => standardDeviation([4]), 'standardDeviation: expected at least 2 numbers, got 1'],
    [() => populationStandardDeviation([]), 'populationStandardDeviation: expected at least one number, got none'],
    [() => anova([]), 'anova: expected at least two groups, got 0'],
    [
      () => kruskalWallis([[1], [2]]),
      'kruskalWallis: expected at least one group of more than one number, got 2 groups of one',
    ],
  ];

  it.each(cases.map(([refused, message]) => ({ refused, message })))('$message', ({ refused, message }) => {
    expect(refused).toThrow(message);
  });
});

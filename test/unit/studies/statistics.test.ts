// The statistics of a study on trials whose numbers are known: differences, tests with their gaps, Holm over a table, ranges.

import { describe, expect, it } from 'vitest';
import type { TrainResult } from '../../../lib/runs/index.js';
import { anova, holm, kruskalWallis, oneSampleTTest, smallestEffect, summarize } from '../../../lib/stats/index.js';
import {
  type ConfigurationStatistics,
  configurationStatistics,
  type DoneTrial,
  factorStatistics,
  measureNames,
  parsePlan,
  rangeStatistics,
  studyTrials,
} from '../../../lib/studies/index.js';

type Values = Readonly<Record<string, { D?: readonly number[]; ND?: readonly number[] }>>;

/** Finished trials with these accuracies by configuration; deterministic copies have one bit pattern. */
function trialsOf(values: Values, factors: object, distinct = false): DoneTrial[] {
  const plan = parsePlan({
    name: 'known',
    fixed: { data: 'synthetic', model: 'keras_convnet' },
    factors,
    modes: { deterministic: 3, atomic: 9 },
  });
  return studyTrials(plan).flatMap((trial): DoneTrial[] => {
    const of = values[trial.configuration.name];
    const value = trial.mode === 'atomic' ? of?.ND?.[trial.run - 1] : of?.D?.[trial.run - 1];
    if (value === undefined) return [];
    const weightsHash = trial.mode === 'atomic' || distinct ? trial.folder : trial.configuration.name;
    const epochs = [{ epoch: 1, loss: 1, valAccuracy: value, valLoss: 0.5, seconds: 2, weightsHash }];
    return [{ trial, result: { epochs, weightsHash, peakMemoryMiB: 1 } as unknown as TrainResult }];
  });
}

const seeds = { seed: [0, 42], optimizer: ['adam', 'sgd'] };
const values: Values = {
  '0+adam': { D: [92.19], ND: [92.7, 92.9, 92.5, 92.66, 92.54] },
  '0+sgd': { D: [94.96, 94.96], ND: [94.8, 94.7, 94.9, 94.8, 94.8] },
  '42+adam': { D: [92.2], ND: [92.3, 92.1, 92.2, 92.25, 92.18] },
  '42+sgd': { ND: [94.8, 94.81] },
};
const statistics = (of: Values, factors: object = seeds, distinct = false): ConfigurationStatistics[] =>
  configurationStatistics(trialsOf(of, factors, distinct), 'valAccuracy');

describe('a configuration', () => {
  it('has the difference of the thesis: (D - ND) / ND in per cent', () => {
    // Rows of Tables 5.1 and 5.2 of Eryilmaz (2023), rounded there.
    const rows: readonly [number, number, number][] = [
      [92.66, 92.19, -0.509],
      [94.8, 94.96, 0.164],
      [0.9328, 0.937, 0.449],
      [0.9242, 0.9158, -0.909],
    ];
    for (const [nondeterministic, deterministic, percent] of rows) {
      const [found] = statistics({ '0+adam': { D: [deterministic], ND: [nondeterministic] } });
      expect(Math.abs(found!.differencePercent! - percent)).toBeLessThan(0.006);
    }
  });

  it('is tested against the deterministic value, with every p adjusted for all of the table', () => {
    const found = statistics(values);
    expect(found.map(({ configuration }) => configuration)).toEqual(['0, adam', '0, sgd', '42, adam', '42, sgd']);
    const tested = Object.values(values)
      .slice(0, 3)
      .map(({ D, ND }) => oneSampleTTest(ND!, D![0]!));
    expect(found.slice(0, 3).map(({ tTest }) => [tTest.statistic, tTest.p, tTest.degreesOfFreedom])).toEqual(
      tested.map(({ statistic, p, degreesOfFreedom }) => [statistic, p, degreesOfFreedom]),
    );
    expect(found.slice(0, 3).map(({ tTest }) => tTest.pHolm)).toEqual(holm(tested.map(({ p }) => p)));
    const { summary } = found[0]!.atomic;
    expect(summary).toEqual(summarize(values['0+adam']!.ND!));
    expect(found[0]!.smallestSeen).toBe(smallestEffect(5) * summary!.sd);
  });

  it('counts deterministic copies as one value, and says why there is no test', () => {
    const gaps = (of: Values, distinct = false) =>
      statistics(of, seeds, distinct).map(({ tTest: { gap, p } }) => [gap, p]);
    expect(gaps(values)[3]).toEqual(['no deterministic value', null]);
    expect(gaps({ '0+sgd': values['0+sgd']! }, true)).toEqual([['deterministic trainings differ', null]]);
    expect(gaps({ '0+sgd': { D: [1], ND: [2] } })).toEqual([['fewer than two atomic trainings', null]]);
    expect(gaps({ '0+sgd': { D: [1], ND: [1, 1, 1] } })).toEqual([['every value is the deterministic one', null]]);
    expect(gaps({ '0+sgd': { D: [1], ND: [2, 2, 2] } })).toEqual([['no spread', null]]);
    expect(gaps({ '0+sgd': { D: [1], ND: [1, 2, 3] } })).toEqual([[null, expect.any(Number)]]);
  });

  it('is called by what tells it from the others, in as few words as do', () => {
    const named = (optimizer: string[]) => {
      const factors = { seed: [0], optimizer };
      const of = (name: string) =>
        studyTrials(
          parsePlan({ name, fixed: { data: 'synthetic', model: 'keras_convnet' }, factors, modes: { atomic: 1 } }),
        );
      const one = { epochs: [{ epoch: 1, loss: 1, valAccuracy: 1, seconds: 1, weightsHash: '' }], weightsHash: '' };
      const done = of('x').map((trial): DoneTrial => ({ trial, result: one as unknown as TrainResult }));
      return configurationStatistics(done, 'loss').map(({ configuration }) => configuration);
    };
    expect(named(['adam:learningRate=0.001', 'sgd:learningRate=0.1'])).toEqual(['adam', 'sgd']);
    const alike = ['adam:learningRate=0.001', 'adam:learningRate=0.1'];
    expect(named(alike)).toEqual(alike);
    expect(named(['adam'])).toEqual(['all']);
  });

  it('leaves out what diverged, and counts what is left', () => {
    const [found] = statistics({ '0+adam': { D: [1], ND: [1, Number.NaN, 2] } });
    expect(found!.atomic).toMatchObject({ runs: 2, summary: { mean: 1.5 } });
  });
});

describe('a factor', () => {
  it('is tested over its values with all others held, by both tests, adjusted together', () => {
    const found = factorStatistics(trialsOf(values, seeds), 'valAccuracy');
    expect(found.map(({ factor, held }) => [factor, held])).toEqual([
      ['seed', { optimizer: 'adam' }],
      ['seed', { optimizer: 'sgd' }],
      ['optimizer', { seed: '0' }],
      ['optimizer', { seed: '42' }],
    ]);
    const groups = [values['0+adam']!.ND!, values['42+adam']!.ND!];
    expect(found[0]).toMatchObject({
      groups: [
        { label: '0', runs: 5 },
        { label: '42', runs: 5 },
      ],
      anova: { statistic: anova(groups).statistic, p: anova(groups).p, degreesOfFreedom: [1, 8] },
      kruskalWallis: { statistic: kruskalWallis(groups).statistic, p: kruskalWallis(groups).p },
    });
    const tests = found.flatMap((one) => [one.anova, one.kruskalWallis]);
    expect(tests.map(({ pHolm }) => pHolm)).toEqual(holm(tests.map(({ p }) => p!)));
  });

  it('of one value is not tested; groups of one training are a named gap', () => {
    const alone = trialsOf({ '0+adam': values['0+adam']! }, { seed: [0], optimizer: ['adam'] });
    expect(factorStatistics(alone, 'valAccuracy')).toEqual([]);
    const few = trialsOf({ '0+adam': { ND: [1, 2] }, '0+sgd': { ND: [3] } }, { seed: [0], optimizer: ['adam', 'sgd'] });
    const [found] = factorStatistics(few, 'valAccuracy');
    expect(found!.anova).toMatchObject({ p: null, gap: 'fewer than two groups of two trainings' });
  });
});

it('ranges are over all trainings of both modes with one label', () => {
  const found = rangeStatistics(trialsOf(values, seeds), 'valAccuracy').find(({ label }) => label === 'adam')!;
  const all = [...values['0+adam']!.D!, ...values['0+adam']!.ND!, ...values['42+adam']!.D!, ...values['42+adam']!.ND!];
  expect(found).toMatchObject({ factor: 'optimizer', runs: 12, min: Math.min(...all), max: Math.max(...all) });
  expect(found.mean).toBe(summarize(all).mean);
});

it('measures are those of the last epoch, and the time of all', () => {
  expect(measureNames(trialsOf(values, seeds))).toEqual(['loss', 'valAccuracy', 'valLoss', 'seconds']);
});

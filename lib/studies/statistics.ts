/**
 * The statistics of a study, as Eryilmaz (2023) has them, with what a reviewer asks for beside: differences of each configuration
 * (Tables 5.1 to 5.3), the least, mean and greatest (5.4), a t-test a configuration (5.5), analysis of variance and Kruskal-Wallis
 * over the values of a factor (5.6). Every p is adjusted for all tests of its measure (Holm).
 */
import {
  anova,
  cohensD,
  hedgesG,
  holm,
  kruskalWallis,
  oneSampleTTest,
  type Summary,
  smallestEffect,
  summarize,
} from '../stats/index.js';
import { byConfiguration, type ConfigurationSamples, type DoneTrial, deterministicValue, sampleOf } from './samples.js';

/** Why there is no number: what lacks for a test. */
export type Gap =
  | 'no deterministic value'
  | 'deterministic trainings differ'
  | 'fewer than two atomic trainings'
  | 'every value is the deterministic one'
  | 'no spread'
  | 'fewer than two groups of two trainings';

/** A test with its p and the adjusted one, or the reason why there is none. */
export interface Tested {
  statistic: number | null;
  p: number | null;
  pHolm: number | null;
  gap: Gap | null;
}

/** One measure of one configuration. */
export interface ConfigurationStatistics {
  /** In words that tell it from the others. */
  configuration: string;
  labels: Readonly<Record<string, string>>;
  measure: string;
  deterministic: { runs: number; distinctWeights: number; value: number | null };
  atomic: { runs: number; values: readonly number[]; distinctWeights: number; summary: Summary | null };
  /** (D - ND) / ND * 100, ND the mean of the atomic trainings. */
  differencePercent: number | null;
  /** The atomic trainings against the deterministic value, two-sided. */
  tTest: Tested & { degreesOfFreedom: number | null };
  cohensD: number | null;
  hedgesG: number | null;
  /** The smallest difference, in units of the measure, that so many trainings show in 80 of 100 studies at the 5 % level. */
  smallestSeen: number | null;
}

/** The values of one factor as groups, all other factors held. */
export interface FactorStatistics {
  factor: string;
  /** The labels of all other factors. */
  held: Readonly<Record<string, string>>;
  measure: string;
  /** Trainings in each group, by label. */
  groups: readonly { label: string; runs: number }[];
  anova: Tested & { degreesOfFreedom: readonly [number, number] | null; etaSquared: number | null };
  kruskalWallis: Tested & { degreesOfFreedom: number | null; epsilonSquared: number | null };
}

/** The least, mean and greatest of one measure over all trials with one label of a factor, of both modes. */
export interface RangeStatistics {
  factor: string;
  label: string;
  measure: string;
  runs: number;
  min: number;
  mean: number;
  max: number;
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
const none = (gap: Gap): Tested => ({ statistic: null, p: null, pHolm: null, gap });

function testedOf(statistic: number, p: number): Tested {
  if (Number.isNaN(statistic)) return none('every value is the deterministic one');
  if (!Number.isFinite(statistic)) return none('no spread');
  return { statistic, p, pHolm: null, gap: null };
}

function gapOf(value: number | null, distinct: number, atomic: number): Gap | undefined {
  if (value === null) return distinct > 1 ? 'deterministic trainings differ' : 'no deterministic value';
  return atomic < 2 ? 'fewer than two atomic trainings' : undefined;
}

function configurationOf(one: ConfigurationSamples, measure: string): ConfigurationStatistics {
  const ordered = sampleOf(one.deterministic, measure);
  const { values, distinctWeights } = sampleOf(one.atomic, measure);
  const value = deterministicValue(ordered, measure);
  const summary = values.length === 0 ? null : summarize(values);
  const gap = gapOf(value, ordered.distinctWeights, values.length);
  const test = gap === undefined ? oneSampleTTest(values, value!) : undefined;
  return {
    configuration: one.title,
    labels: one.labels,
    measure,
    deterministic: { runs: ordered.values.length, distinctWeights: ordered.distinctWeights, value },
    atomic: { runs: values.length, values, distinctWeights, summary },
    differencePercent:
      value === null || summary === null ? null : finite(((value - summary.mean) / summary.mean) * 100),
    tTest:
      test === undefined
        ? { ...none(gap!), degreesOfFreedom: null }
        : { ...testedOf(test.statistic, test.p), degreesOfFreedom: test.degreesOfFreedom },
    cohensD: test === undefined ? null : finite(cohensD(values, value!)),
    hedgesG: test === undefined || values.length < 3 ? null : finite(hedgesG(values, value!)),
    smallestSeen: summary === null || values.length < 2 ? null : smallestEffect(values.length) * summary.sd,
  };
}

/** Tests with every p adjusted for all of them. */
function adjusted<T>(
  rows: readonly T[],
  testsOf: (row: T) => readonly Tested[],
  put: (row: T, tests: Tested[]) => T,
): T[] {
  const found = rows.flatMap((row) => testsOf(row).flatMap(({ p }) => (p === null ? [] : [p])));
  const all = holm(found)[Symbol.iterator]();
  return rows.map((row) =>
    put(
      row,
      testsOf(row).map((test) => ({ ...test, pHolm: test.p === null ? null : all.next().value! })),
    ),
  );
}

/** Each configuration by itself: the deterministic value beside the atomic trainings. */
export function configurationStatistics(trials: readonly DoneTrial[], measure: string): ConfigurationStatistics[] {
  const rows = byConfiguration(trials).map((one) => configurationOf(one, measure));
  return adjusted(
    rows,
    ({ tTest }) => [tTest],
    (row, [tTest]) => ({ ...row, tTest: { ...row.tTest, ...tTest } }),
  );
}

function factorOf(
  factor: string,
  held: Readonly<Record<string, string>>,
  own: readonly ConfigurationSamples[],
  measure: string,
) {
  const samples = own.map((one) => ({ label: one.labels[factor]!, values: sampleOf(one.atomic, measure).values }));
  const groups = samples.map(({ label, values }) => ({ label, runs: values.length }));
  const usable = samples.map(({ values }) => values).filter(({ length }) => length >= 2);
  if (usable.length < 2) {
    const gap = none('fewer than two groups of two trainings');
    const empty = { ...gap, degreesOfFreedom: null };
    return {
      factor,
      held,
      measure,
      groups,
      anova: { ...empty, etaSquared: null },
      kruskalWallis: { ...empty, epsilonSquared: null },
    };
  }
  const [variance, ranks] = [anova(usable), kruskalWallis(usable)];
  const same = (statistic: number, p: number) => (Number.isNaN(statistic) ? none('no spread') : testedOf(statistic, p));
  return {
    ...{ factor, held, measure, groups },
    anova: {
      ...same(variance.statistic, variance.p),
      degreesOfFreedom: variance.degreesOfFreedom,
      etaSquared: finite(variance.etaSquared),
    },
    kruskalWallis: {
      ...same(ranks.statistic, ranks.p),
      degreesOfFreedom: ranks.degreesOfFreedom,
      epsilonSquared: finite(ranks.epsilonSquared),
    },
  };
}

/** For each factor with two values or more and each combination of the others: do its values differ? Of atomic trainings. */
export function factorStatistics(trials: readonly DoneTrial[], measure: string): FactorStatistics[] {
  const configurations = byConfiguration(trials);
  const factors = Object.keys(configurations[0]?.labels ?? {});
  const rows = factors.flatMap((factor): FactorStatistics[] => {
    if (new Set(configurations.map(({ labels }) => labels[factor])).size < 2) return [];
    const others = (labels: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(labels).filter(([name]) => name !== factor));
    const places = new Map(
      configurations.map(({ labels }) => [JSON.stringify(others(labels)), others(labels)] as const),
    );
    return [...places].map(([key, held]) =>
      factorOf(
        factor,
        held,
        configurations.filter(({ labels }) => JSON.stringify(others(labels)) === key),
        measure,
      ),
    );
  });
  return adjusted(
    rows,
    (row) => [row.anova, row.kruskalWallis],
    (row, [variance, ranks]) => ({
      ...row,
      anova: { ...row.anova, ...variance },
      kruskalWallis: { ...row.kruskalWallis, ...ranks },
    }),
  );
}

/** The least, mean and greatest of a measure over all finished trials, by each label of each factor. */
export function rangeStatistics(trials: readonly DoneTrial[], measure: string): RangeStatistics[] {
  const factors = Object.keys(trials[0]?.trial.configuration.labels ?? {});
  return factors.flatMap((factor) => {
    const labels = [...new Set(trials.map(({ trial }) => trial.configuration.labels[factor]!))];
    return labels.flatMap((label): RangeStatistics[] => {
      const own = trials.filter(({ trial }) => trial.configuration.labels[factor] === label);
      const { values } = sampleOf(own, measure);
      if (values.length === 0) return [];
      const { min, mean, max } = summarize(values);
      return [{ factor, label, measure, runs: values.length, min, mean, max }];
    });
  });
}

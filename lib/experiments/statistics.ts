/**
 * The runs of an experiment as samples: are atomic runs off the deterministic value, do the modes differ, how large is
 * that, and how sure. A statistic that has no number is null, with the reason.
 *
 * Deterministic runs of one seed are copies of one training, so together they are one observation: a value that atomic
 * runs can be off, but no group that an analysis of variance could compare them with. Each atomic run is an observation,
 * as its sums arrived in an order of their own. Step times are observations in both modes.
 */

import { measuresOf } from '../progress/index.js';
import type { TrainResult } from '../runs/index.js';
import {
  anova,
  bootstrapMean,
  cohensD,
  type Draw,
  hedgesG,
  holm,
  type Interval,
  kruskalWallis,
  leastForInterval,
  oneSampleTTest,
  type Summary,
  summarize,
} from '../stats/index.js';
import type { TargetResult } from './result.js';

/** What is looked at of every run, by name: a mean of the last epoch, or `stepSeconds`, the median time of a step. */
export type Measure = string;

/** The means that the first run has, whatever they are, and the time of a step. */
const measuresOfRuns = ([first]: readonly TrainResult[]): Measure[] => [
  ...measuresOf(first!.epochs.at(-1)!).map(({ name }) => name),
  'stepSeconds',
];

/** Why a statistic says nothing, or not what it usually says. */
export type Degenerate =
  /** All values, and the value they are compared with, are one number. */
  | 'all equal'
  /** The values of each side are one number, but not the same one. */
  | 'no spread'
  /** There is no deterministic value: runs differ, or their times are no single value. */
  | 'no value'
  /** A mode has one observation only, so it is no group. */
  | 'one observation'
  /** Fewer than three atomic runs: there is nothing to correct the bias of small samples by. */
  | 'too few runs';

/** A test's statistic and p, or why there is none. */
export interface TestResult {
  statistic: number | null;
  p: number | null;
  /** p adjusted for all tests of the result (Holm 1979). */
  pHolm: number | null;
  degenerate: Degenerate | null;
}

/** An effect size, or why there is none. */
export interface EffectSize {
  value: number | null;
  degenerate: Degenerate | null;
}

/** The runs of one mode: a summary with both standard deviations, and the bootstrap interval of the mean. */
export interface Sample {
  values: number[];
  /** Independent ones among them: copies of one training count once. */
  observations: number;
  summary: Summary;
  /** Null with fewer than `leastForInterval` observations. */
  interval: Interval | null;
}

/** One measure of all runs. */
export interface MeasureStatistics {
  measure: Measure;
  deterministic: Sample;
  atomic: Sample;
  /** Atomic runs against the deterministic value, two-sided; of step times there is none. */
  tTest: TestResult & { value: number | null; degreesOfFreedom: number };
  /** Both modes as groups of observations; null where one of them is a single observation. */
  anova: TestResult & { degreesOfFreedom: [number, number] };
  kruskalWallis: TestResult & { degreesOfFreedom: number };
  /**
   * Atomic minus deterministic in standard deviations, and without the bias of small samples: those of the atomic runs where
   * the deterministic one is a value, pooled where both modes are groups.
   */
  cohensD: EffectSize;
  hedgesG: EffectSize;
  /** Share of the sum of squares, and of ranks, that lies between the modes. */
  etaSquared: EffectSize;
  epsilonSquared: EffectSize;
}

function measured(run: TrainResult, measure: Measure): number | null {
  if (measure === 'stepSeconds') return run.stepSecondsMedian;
  return measuresOf(run.epochs.at(-1)!).find(({ name }) => name === measure)?.value ?? null;
}

/** A number of a statistic: NaN means that all is equal, an infinity that only the sides differ. */
function degenerateOf(value: number): Degenerate | null {
  if (Number.isNaN(value)) return 'all equal';
  return Number.isFinite(value) ? null : 'no spread';
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
const effect = (value: number): EffectSize => ({ value: finite(value), degenerate: degenerateOf(value) });
const test = (statistic: number, p: number): TestResult => ({
  statistic: finite(statistic),
  p: finite(p),
  pHolm: null,
  degenerate: degenerateOf(statistic),
});

const noTest = (degenerate: Degenerate): TestResult => ({ statistic: null, p: null, pHolm: null, degenerate });
const noEffect = (degenerate: Degenerate): EffectSize => ({ value: null, degenerate });

function sampleOf(values: number[], observations: number, draw: Draw): Sample {
  const interval = observations < leastForInterval ? null : bootstrapMean(values, { draw });
  return { values, observations, summary: summarize(values), interval };
}

/** Both modes as groups of independent values. */
function groupTests(deterministic: readonly number[], atomic: readonly number[]) {
  const groups = [deterministic, atomic];
  const variance = anova(groups);
  const ranks = kruskalWallis(groups);
  return {
    anova: { ...test(variance.statistic, variance.p), degreesOfFreedom: variance.degreesOfFreedom },
    kruskalWallis: { ...test(ranks.statistic, ranks.p), degreesOfFreedom: ranks.degreesOfFreedom },
    etaSquared: effect(variance.etaSquared),
    epsilonSquared: effect(ranks.epsilonSquared),
  };
}

/** What stands in their place where a mode is one observation. */
const noGroups = (atomic: number): ReturnType<typeof groupTests> => ({
  anova: { ...noTest('one observation'), degreesOfFreedom: [1, atomic - 1] },
  kruskalWallis: { ...noTest('one observation'), degreesOfFreedom: 1 },
  etaSquared: noEffect('one observation'),
  epsilonSquared: noEffect('one observation'),
});

const effectsAgainst = (atomic: readonly number[], against: number | readonly number[]) => ({
  cohensD: effect(cohensD(atomic, against)),
  hedgesG:
    typeof against === 'number' && atomic.length < 3 ? noEffect('too few runs') : effect(hedgesG(atomic, against)),
});

/** Atomic runs beside a deterministic training, which is one value however often it was run. */
function besideValue(value: number, atomic: readonly number[]) {
  const { statistic, p, degreesOfFreedom } = oneSampleTTest(atomic, value);
  return {
    tTest: { ...test(statistic, p), value, degreesOfFreedom },
    ...noGroups(atomic.length),
    ...effectsAgainst(atomic, value),
  };
}

/** Two groups of independent values. */
function besideGroup(deterministic: readonly number[], atomic: readonly number[]) {
  return {
    tTest: { ...noTest('no value'), value: null, degreesOfFreedom: atomic.length - 1 },
    ...groupTests(deterministic, atomic),
    ...effectsAgainst(atomic, deterministic),
  };
}

/** One value of each training among copies: those with the same bits. */
function withoutCopies(values: readonly number[], runs: readonly TrainResult[]): number[] {
  const first = new Map(runs.map(({ weightsHash }, i) => [weightsHash, i] as const).reverse());
  return values.filter((_, i) => first.get(runs[i]!.weightsHash) === i);
}

function statisticsOf(
  measure: Measure,
  { runs, values }: { runs: readonly TrainResult[]; values: number[] },
  atomic: number[],
  draw: Draw,
): MeasureStatistics {
  const independent = measure === 'stepSeconds' ? values : withoutCopies(values, runs);
  const ordered = sampleOf(values, independent.length, draw);
  return {
    measure,
    deterministic: ordered,
    atomic: sampleOf(atomic, atomic.length, draw),
    ...(independent.length === 1 ? besideValue(independent[0]!, atomic) : besideGroup(independent, atomic)),
  };
}

/** The same, with every p adjusted for all tests there are. */
function adjusted(statistics: readonly MeasureStatistics[]): MeasureStatistics[] {
  const tests = ['tTest', 'anova', 'kruskalWallis'] as const;
  const found = statistics.flatMap((one) => tests.flatMap((name) => one[name].p ?? []));
  const all = holm(found)[Symbol.iterator]();
  const next = <T extends TestResult>(one: T): T => ({ ...one, pHolm: one.p === null ? null : all.next().value! });
  return statistics.map((one) => ({
    ...one,
    tTest: next(one.tTest),
    anova: next(one.anova),
    kruskalWallis: next(one.kruskalWallis),
  }));
}

/**
 * Statistics of every measure that all runs have a number for; null unless there is one target of each mode. Bootstrap
 * draws come from `draw` alone.
 */
export function statisticsOfTargets(
  targets: Readonly<Record<string, TargetResult>>,
  draw: Draw,
): MeasureStatistics[] | null {
  const of = (mode: string) => Object.values(targets).find((target) => target.mode === mode)?.runs;
  const [deterministic, atomic] = [of('deterministic'), of('atomic')];
  if (deterministic === undefined || atomic === undefined) return null;
  const statistics = measuresOfRuns(deterministic).flatMap((measure) => {
    const known = [deterministic, atomic].map((runs) => runs.map((run) => measured(run, measure)));
    if (known.flat().some((value) => value === null)) return [];
    const [ordered, arrived] = known as [number[], number[]];
    return [statisticsOf(measure, { runs: deterministic, values: ordered }, arrived, draw)];
  });
  return adjusted(statistics);
}

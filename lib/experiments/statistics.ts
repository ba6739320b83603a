/**
 * The runs of an experiment as samples: are atomic runs off the deterministic value, do the modes differ, how large is
 * that, and how sure. A statistic that has no number, because nothing spreads, is null, with the reason.
 */
import {
  anova,
  bootstrapMean,
  cohensD,
  type Draw,
  hedgesG,
  type Interval,
  kruskalWallis,
  oneSampleTTest,
  type Summary,
  summarize,
} from '../stats/index.js';
import type { TrainResult } from '../training/index.js';
import type { TargetResult } from './result.js';

/** What is looked at of every run: the last epoch, and the median time of a step. */
export const measures = ['loss', 'accuracy', 'valLoss', 'valAccuracy', 'stepSeconds'] as const;
export type Measure = (typeof measures)[number];

/** Why a statistic says nothing, or not what it usually says. */
export type Degenerate =
  /** All values, and the value they are compared with, are one number. */
  | 'all equal'
  /** The values of each side are one number, but not the same one. */
  | 'no spread'
  /** Deterministic runs differ, so there is no deterministic value. */
  | 'no value';

/** A test's statistic and p, or why there is none. */
export interface TestResult {
  statistic: number | null;
  p: number | null;
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
  summary: Summary;
  mean: Interval;
}

/** One measure of all runs. */
export interface MeasureStatistics {
  measure: Measure;
  deterministic: Sample;
  atomic: Sample;
  /** Atomic runs against the deterministic value, two-sided. */
  tTest: TestResult & { value: number | null; degreesOfFreedom: number };
  /** Both modes as groups. */
  anova: TestResult & { degreesOfFreedom: [number, number] };
  kruskalWallis: TestResult & { degreesOfFreedom: number };
  /** Atomic minus deterministic in standard deviations (pooled), and without the bias of small samples. */
  cohensD: EffectSize;
  hedgesG: EffectSize;
  /** Share of the sum of squares, and of ranks, that lies between the modes. */
  etaSquared: EffectSize;
  epsilonSquared: EffectSize;
}

function measured(run: TrainResult, measure: Measure): number | null {
  return measure === 'stepSeconds' ? run.stepSecondsMedian : run.epochs.at(-1)![measure];
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
  degenerate: degenerateOf(statistic),
});

const sampleOf = (values: number[], draw: Draw): Sample => ({
  values,
  summary: summarize(values),
  mean: bootstrapMean(values, { draw }),
});

const allEqual = (values: readonly number[]) => values.every((value) => value === values[0]);

/** The value all deterministic runs have; step times are no such value, but their mean stands for it. */
function tTestOf(measure: Measure, deterministic: Sample, atomic: readonly number[]): MeasureStatistics['tTest'] {
  const degreesOfFreedom = atomic.length - 1;
  if (measure !== 'stepSeconds' && !allEqual(deterministic.values)) {
    return { statistic: null, p: null, degenerate: 'no value', value: null, degreesOfFreedom };
  }
  const value = deterministic.summary.mean;
  const { statistic, p } = oneSampleTTest(atomic, value);
  return { ...test(statistic, p), value, degreesOfFreedom };
}

function statisticsOf(measure: Measure, deterministic: number[], atomic: number[], draw: Draw): MeasureStatistics {
  const groups = [deterministic, atomic];
  const ordered = sampleOf(deterministic, draw);
  const variance = anova(groups);
  const ranks = kruskalWallis(groups);
  return {
    measure,
    deterministic: ordered,
    atomic: sampleOf(atomic, draw),
    tTest: tTestOf(measure, ordered, atomic),
    anova: { ...test(variance.statistic, variance.p), degreesOfFreedom: variance.degreesOfFreedom },
    kruskalWallis: { ...test(ranks.statistic, ranks.p), degreesOfFreedom: ranks.degreesOfFreedom },
    cohensD: effect(cohensD(atomic, deterministic)),
    hedgesG: effect(hedgesG(atomic, deterministic)),
    etaSquared: effect(variance.etaSquared),
    epsilonSquared: effect(ranks.epsilonSquared),
  };
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
  return measures.flatMap((measure) => {
    const known = [deterministic, atomic].map((runs) => runs.map((run) => measured(run, measure)));
    if (known.flat().some((value) => value === null)) return [];
    const [ordered, arrived] = known as [number[], number[]];
    return [statisticsOf(measure, ordered, arrived, draw)];
  });
}

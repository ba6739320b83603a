/** The result of an experiment: what was asked, on what it ran, every run as it told it, and what they differ in. */
import type { PredictionsDivergence, Similarity, Spread } from '../divergence/index.js';
import type { Machine, TrainResult } from '../runs/index.js';
import type { Mode } from '../runtime/index.js';
import type { Interval } from '../stats/index.js';
import type { Definition } from './definition.js';
import type { ExplainedPicture } from './explained.js';
import type { MeasuredGrowth } from './growth.js';
import type { MeasureStatistics } from './statistics.js';

/** The versions that decide what is computed and how fast. */
export interface Versions {
  samebits: string;
  contract: number;
  node: string;
}

/** Distances of one layer over all pairs of runs; null where a weight that is not finite leaves a measure without a number. */
export interface LayerDistance {
  layer: string;
  maxUlp: number;
  meanUlp: number;
  /** Share of bits that differ, 0 to 1. */
  differingBits: number;
  cosineSimilarity: number | null;
  /** Euclidean length of the difference of two runs: the mean of the pairs, the least and the largest. */
  l2: number | null;
  l2Least: number | null;
  l2Largest: number | null;
  meanAbsolute: number | null;
  maxAbsolute: number | null;
  meanRelative: number | null;
  /** Weights below zero in one run and above in the other, over all pairs. */
  signFlips: number;
}

/** Cosine similarity of every pair of runs; null where a weight is not finite. */
export type PairSimilarity = {
  [Key in keyof Similarity]: Key extends 'matrix' ? (number | null)[][] : number | null;
};

/** Spread of the components of a layer over the runs; standard deviations are null where a weight is not finite. */
export interface LayerSpread extends Pick<Spread, 'components' | 'differing' | 'signFlips'> {
  layer: string;
  meanSd: number | null;
  meanSdPopulation: number | null;
  maxSd: number | null;
}

/** How far the runs are apart after one epoch. */
export interface EpochDivergence {
  epoch: number;
  distinctWeights: number;
  layers: LayerDistance[];
  /** All layers together. */
  all: Omit<LayerDistance, 'layer'>;
  /** l2 distance of all weights of each pair of runs: 1 and 2, 1 and 3, and so on. */
  l2Pairs: (number | null)[];
}

/** Distances after one step, over all pairs of runs or of one pair; null as in `LayerDistance`. */
export interface StepDistance
  extends Pick<LayerDistance, 'l2' | 'l2Least' | 'l2Largest' | 'maxUlp' | 'meanUlp' | 'cosineSimilarity'> {
  /** Share of weights whose bits differ, 0 to 1. */
  differing: number;
}

/** One pair of runs, by their numbers from 1. */
export interface PairDistance extends StepDistance {
  runs: [number, number];
}

/** How far the runs are apart after one step, counted from 1 over all epochs. */
export interface StepDivergence {
  step: number;
  epoch: number;
  layers: (StepDistance & { layer: string })[];
  /** All layers together, over all pairs. */
  all: StepDistance;
  /** All layers together, each pair by itself. */
  pairs: PairDistance[];
}

/** How far the runs are apart after the steps whose weights were kept. */
export interface StepsDivergence {
  perStep: StepDivergence[];
  /** Growth of the mean l2 distance of all weights over steps, and of each layer. */
  growth: MeasuredGrowth;
  layers: (MeasuredGrowth & { layer: string })[];
  /** The two kept steps, one after the other, between which the distance of all weights grows fastest, in natural logarithms per step. */
  steepest: { from: number; to: number; rate: number } | null;
  /** First kept step after which bits differ, null if there is none, and the last before it. */
  firstApart: number | null;
  lastSame: number | null;
}

/** How far the runs of one target are apart at the end, and how that came. */
export interface TargetDivergence {
  pairs: number;
  layers: LayerDistance[];
  all: Omit<LayerDistance, 'layer'>;
  /** Share of final weights that differ in bit k; 0 is the lowest bit of the fraction, 31 the sign. */
  bitPositions: number[];
  /** First epoch after which the weights of the runs are not all one bit pattern; null if there is none. */
  firstEpoch: number | null;
  perEpoch: EpochDivergence[];
  /** Final weights of all pairs by ulp distance: place 0 counts distance 0, place k 2^(k-1) to 2^k - 1, 33 NaN beside a number. */
  ulpHistogram: number[];
  /** Differing bits of the final weights of all pairs, by field of the float32. */
  bitFields: { sign: number; exponent: number; mantissa: number };
  /** Of all final weights, and of the last layer alone. */
  similarity: { all: PairSimilarity; lastLayer: PairSimilarity & { layer: string } };
  /** Of the final weights: each layer, and all together as layer `all weights`. */
  spread: LayerSpread[];
  /** Growth of the mean l2 distance of all weights over epochs. */
  growth: MeasuredGrowth;
  /** Null if the weights of no step were kept. */
  steps: StepsDivergence | null;
  /** Null if there were no validation pictures to predict. */
  predictions: PredictionsDivergence | null;
}

/** All runs of one target, each as `samebits train --json` prints it. */
export interface TargetResult {
  /** `mixed` where runs of both modes are compared with each other. */
  mode: Mode | 'mixed';
  runs: TrainResult[];
  /** What the runs are called, where they are not numbered. */
  names?: string[];
  distinctWeights: number;
  /** Null if there were no validation pictures to predict. */
  distinctPredictions: number | null;
  divergence: TargetDivergence;
}

/**
 * Step time of deterministic runs over that of atomic runs: the ratio of the medians, the least and the largest ratio of
 * two single runs, and the bootstrap interval, null with too few runs (`leastForInterval`) in a mode.
 */
export interface Price {
  deterministic: string;
  atomic: string;
  stepTime: { estimate: number; least: number; largest: number; interval: Omit<Interval, 'estimate'> | null };
}

/** Pictures explained by all runs, in the order of the targets and their runs. */
export interface ExplainedRuns {
  /** The runs by target and number from 1. */
  runs: { target: string; run: number }[];
  pictures: ExplainedPicture[];
}

/** Everything reports and commands read. */
export interface Result {
  /** `runs` where trainings were put together that were not run as an experiment. */
  experiment: 'compare' | 'runs';
  contract: number;
  definition: Definition;
  machine: Machine;
  versions: Versions;
  /** ISO 8601 time at which the experiment was first started. */
  startedAt: string;
  targets: Record<string, TargetResult>;
  price: Price | null;
  /** Last epochs and step times of the modes as samples; null unless there is one target of each mode. */
  statistics: MeasureStatistics[] | null;
  /** Null if no pictures were asked to be explained, or there are none to validate on. */
  explained: ExplainedRuns | null;
  /** One deterministic run more for each of the numbers of threads that were asked for. */
  threadRuns: TrainResult[];
}

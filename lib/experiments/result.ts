/** The result of an experiment: what was asked, on what it ran, every run as it told it, and what they differ in. */

import type { Mode } from '../runtime/index.js';
import type { Interval } from '../stats/index.js';
import type { Machine, TrainResult } from '../training/index.js';
import type { Definition } from './definition.js';

/** The versions that decide what is computed and how fast. */
export interface Versions {
  samebits: string;
  contract: number;
  node: string;
}

/** Distances of one layer over all pairs of runs; cosine similarity is null if a weight is not finite. */
export interface LayerDistance {
  layer: string;
  maxUlp: number;
  meanUlp: number;
  /** Share of bits that differ, 0 to 1. */
  differingBits: number;
  cosineSimilarity: number | null;
}

/** How far the runs are apart after one epoch. */
export interface EpochDivergence {
  epoch: number;
  distinctWeights: number;
  layers: LayerDistance[];
  /** All layers together. */
  all: Omit<LayerDistance, 'layer'>;
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
}

/** All runs of one target, each as `samebits train --json` prints it. */
export interface TargetResult {
  mode: Mode;
  runs: TrainResult[];
  distinctWeights: number;
  /** Null if there were no validation pictures to predict. */
  distinctPredictions: number | null;
  divergence: TargetDivergence;
}

/** Step time of deterministic runs over that of atomic runs, as a ratio of medians with its interval. */
export interface Price {
  deterministic: string;
  atomic: string;
  stepTime: Interval;
}

/** Everything reports and commands read. */
export interface Result {
  experiment: 'compare';
  contract: number;
  definition: Definition;
  machine: Machine;
  versions: Versions;
  /** ISO 8601 time at which the experiment was first started. */
  startedAt: string;
  targets: Record<string, TargetResult>;
  price: Price | null;
}

/** What an attribution finds: every source with its trainings, each measured against the deterministic one, ranked. */
import type { Growth } from '../divergence/index.js';
import type { Machine } from '../runs/index.js';
import type { Mode } from '../runtime/index.js';
import type { SourceOptions } from '../settings/index.js';
import type { CheckedOptions } from './options.js';

/** How far the weights of a training are from those of the baseline after a step. */
export interface Place {
  step: number;
  /** Euclidean length of the difference of all weights. */
  l2: number;
  maxUlp: number;
  meanUlp: number;
  /** Share of weights whose bits differ, 0 to 1. */
  differing: number;
}

/** A training with one source. */
export interface AttributedRun {
  /** Seed of its order of arrival; null where nothing was drawn. */
  seed: number | null;
  weightsHash: string;
  /** Distances after the steps measured; the last is the end. */
  places: Place[];
  /** Growth of l2 per step. */
  growth: Growth;
  /** Share of all bits of all weights that differ at the end, and cosine similarity; null if a weight is not finite. */
  differingBits: number;
  cosineSimilarity: number | null;
  /** Samples that are given another class than by the baseline. */
  differingPredictions: number;
}

/** A kernel joined as its sums arrive, all of them (atomic mode), or a flipped bit. */
export type SourceKind = 'kernel' | 'mode' | 'flip';

/** A source alone. */
export interface AttributedSource {
  /** From 1, by the median of l2 at the end, largest first; equal distances in the order they were run. */
  rank: number;
  kind: SourceKind;
  /** The kernel's name, `atomic mode`, or the flip as the command line writes it. */
  name: string;
  /** Mode and sources of its trainings; with seeded arrival, the first seed. */
  options: SourceOptions & { mode: Mode };
  runs: AttributedRun[];
  /** Bit patterns the weights ended in. */
  distinctWeights: number;
  /** Whether a second training with the first seed ended in the same bits; null where it was not tried. */
  repeats: boolean | null;
  /** Medians over the trainings, at the end; what is not finite counts as the largest number. */
  median: { l2: number; meanUlp: number; differing: number; differingPredictions: number; growth: number | null };
}

/** Everything reports and commands read. */
export interface Attribution {
  experiment: 'attribute';
  contract: number;
  definition: CheckedOptions;
  machine: Machine;
  /** Of the baseline. */
  target: string;
  threads: number;
  dataHash: string;
  /** Values of all weights, those that are not trained too. */
  weights: number;
  /** Kernels that join sums in a step of the model. */
  kernels: string[];
  /** Samples that were predicted, and whether they are validation or training samples. */
  predicted: { samples: number; of: 'validation' | 'train' };
  baseline: { weightsHash: string; losses: number[] };
  /** Largest effect first. */
  sources: AttributedSource[];
}

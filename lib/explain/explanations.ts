/** What explaining one picture by one or several runs finds, as plain data: the command prints it, reports read it. */
import type { Score } from './grad_cam.js';
import type { RankChange } from './occlusion.js';
import type { Stability } from './stability.js';

/** A probability by the class's name. */
export interface Prediction {
  class: string;
  probability: number;
}

/** Where the heat lies when it is known what each half shows. */
export interface HalfResult {
  left: number;
  right: number;
  /** Whether the half that shows the explained class has more heat; null when neither shows it or both have as much. */
  onOwnHalf: boolean | null;
}

/** What covering the region did in one run. */
export interface OcclusionResult {
  changes: (Omit<RankChange, 'class'> & { class: string })[];
  hasHeat: boolean;
  flat: boolean;
  heatHash: string;
  /** The heat before beside the heat after. */
  stability: Stability;
}

/** The explanation of one run. `heatHash` is of the heat at the size the network sees (docs/contract.md, Hashes). */
export interface RunExplanation {
  run: string;
  model: string;
  target: string;
  seed: number;
  weightsHash: string;
  layer: string;
  /** Rows and columns of the layer's maps. */
  maps: [height: number, width: number];
  score: Score;
  /** Most probable first. */
  predictions: Prediction[];
  /** False when nothing in the maps speaks for the class, or the score is flat. */
  hasHeat: boolean;
  /** The score's gradient is 0 everywhere, as that of a probability that rounds to 0 or 1 (`GradCam.flat`). */
  flat: boolean;
  heatHash: string;
  halves: HalfResult | null;
  occlusion: OcclusionResult | null;
}

/** Two runs beside each other; runs count from 1. */
export interface PairStability extends Stability {
  runs: [number, number];
}

/** All that was found, as plain data. */
export interface Explanations {
  image: { path: string; height: number; width: number };
  class: string;
  runs: RunExplanation[];
  pairs: PairStability[];
}

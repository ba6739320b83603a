/** Experiments: a definition as plain data, a runner that gives each trial its own process, and one Result. */

export { readJson, writeWhole } from '../files/index.js';
export { type DifferingSetting, differingSettings } from './agreement.js';
export { compareFound, unknownMachine } from './compared_runs.js';
export {
  type Definition,
  defineExperiment,
  type ExperimentSettings,
  parseDefinition,
} from './definition.js';
export type { ExplainedPicture } from './explained.js';
export { type FoundRun, findRuns } from './found_runs.js';
export { keptResult } from './kept_result.js';
export type {
  EpochDivergence,
  ExplainedRuns,
  LayerDistance,
  LayerSpread,
  PairDistance,
  PairSimilarity,
  Price,
  Result,
  StepDistance,
  StepDivergence,
  StepsDivergence,
  TargetDivergence,
  TargetResult,
  Versions,
} from './result.js';
export { type ExperimentHooks, type RunnerOptions, runExperiment } from './runner.js';
export type {
  Degenerate,
  EffectSize,
  Measure,
  MeasureStatistics,
  Sample,
  TestResult,
} from './statistics.js';
export { type Trial, trainOptionsOf, trialsOf } from './trials.js';
export { withWeights } from './weights.js';

/** Studies: a plan of trainings as plain data, run by any number of workers in one folder, and what came of it. */
export type { TrialState } from '../trials/index.js';
export { type AccountedTrial, type Accounting, accountingOf } from './accounting.js';
export { type Configuration, configurationsOf } from './configurations.js';
export { openStudy, planIn, stateOf } from './folder.js';
export { type LastLayer, lastLayers } from './last_layer.js';
export {
  definePlan,
  type Plan,
  type PlanInput,
  type PlanSettings,
  type PlanValue,
  parsePlan,
  readPlan,
} from './plan.js';
export type { Prunable } from './prunable.js';
export { type Pruned, type PrunedFile, type PruneOptions, pruneRuns } from './prune.js';
export { runStudy, type StudyHooks, type StudyOptions, type StudyOutcome } from './run.js';
export { type DoneTrial, doneTrials, measureNames, measuresOfTrial, secondsOf } from './samples.js';
export { type SlurmOptions, submitStudy, waitForStudy } from './slurm.js';
export type { SubmittedArray } from './slurm_command.js';
export {
  type ConfigurationStatistics,
  configurationStatistics,
  type FactorStatistics,
  factorStatistics,
  type Gap,
  type RangeStatistics,
  rangeStatistics,
  type Tested,
} from './statistics.js';
export { type Shard, type StudyTrial, shardOf, studyTrials } from './trials.js';
export { pricesOf, type StudyPrice, type StudyPrices } from './usage.js';

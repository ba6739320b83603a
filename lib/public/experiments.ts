/** Trainings many times in both modes, what came of them, and reports. */
export {
  type Definition,
  type DifferingSetting,
  defineExperiment,
  type EpochDivergence,
  type ExperimentHooks,
  type ExperimentSettings,
  type ExplainedRuns,
  type Measure,
  type MeasureStatistics,
  type Result,
  type RunnerOptions,
  runExperiment,
  type Sample,
  type StepsDivergence,
  type TargetDivergence,
  type TargetResult,
  type Trial,
} from '../experiments/index.js';
export { type ReportOptions, type WrittenReport, writeReport } from '../reports/index.js';
export * as stats from '../stats/index.js';
export {
  type Configuration,
  definePlan,
  type Plan,
  type PlanInput,
  type PlanSettings,
  type PlanValue,
  readPlan,
  runStudy,
  type Shard,
  type StudyHooks,
  type StudyOptions,
  type StudyOutcome,
  type StudyTrial,
  studyTrials,
} from '../studies/index.js';

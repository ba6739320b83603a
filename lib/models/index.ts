/** Networks that learn, and those that can be asked for by name. */
export {
  type BatchBegin,
  type CallbacksOption,
  checkCallbacks,
  type FitCallbacks,
  joined,
  type TrainBegin,
} from './callbacks.js';
export type { CompileOptions, Learning } from './compile.js';
export {
  type BuildOptions,
  buildModel,
  checkDefinition,
  checkLearning,
  defineModel,
  learningOf,
  type ModelDefinition,
} from './definition.js';
export { type BatchStream, checkStream, type GivenBatch } from './feed.js';
export {
  type BatchEnd,
  type EpochLogs,
  type EvaluateOptions,
  type FitOptions,
  fitOptionNames,
  judge,
  namesOf,
  type Progress,
  validationLogs,
} from './fit.js';
export { freezeLayers } from './freeze.js';
export { isOutputLosses, isOutputMetric, outputLossesFrom, outputMetricsFrom } from './head_configs.js';
export { isJoint, isPartMetric } from './heads.js';
export { allMetrics, type Logs, logsOf, type Sums } from './judged.js';
export { type ModelOptions, model, sequential } from './make.js';
export { type BatchResult, Model, type OnGradients } from './model.js';
export { Network } from './network.js';
export { rowsOf } from './rows.js';
export { provideRunFit, type RunData, type RunFit, type TakenModel } from './run_fit.js';
export { type ClassWeight, classWeightOption, weightedByClass } from './sample_weights.js';
export {
  type ArrayFitData,
  expectWeighable,
  type FitData,
  type PartsFitData,
  type SampleShapes,
  samplesOf,
} from './samples.js';
export { provideSave, type SaveModel, type SaveOptions } from './save.js';
export type { ByPart, Part } from './several.js';
export { cutData } from './validation_split.js';
export { type Watch, watchOf } from './watch.js';

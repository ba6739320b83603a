/** Networks and how they learn: models, layers, losses, optimizers, schedules, and all of them as plain data. */
export { callbacks } from '../callbacks/index.js';
export {
  type ClassConfig,
  type Config,
  type Json,
  lossConfig,
  lossFrom,
  metricConfig,
  metricFrom,
  modelConfig,
  modelFromConfig,
  type OwnClass,
  optimizerConfig,
  optimizerFrom,
  type Registry,
  readModelConfig,
  registry,
  scheduleConfig,
  scheduleFrom,
  wordsOf,
} from '../config/index.js';
export * as layers from '../layers/index.js';
export { losses } from '../losses/index.js';
export { metrics } from '../metrics/index.js';
export {
  type ArrayFitData,
  type BatchBegin,
  type BatchEnd,
  type BatchResult,
  type BatchStream,
  type BuildOptions,
  type ByPart,
  type CallbacksOption,
  type ClassWeight,
  type CompileOptions,
  defineModel,
  type EpochLogs,
  type EvaluateOptions,
  type FitCallbacks,
  type FitData,
  type FitOptions,
  freezeLayers,
  type GivenBatch,
  type Logs,
  Model,
  type ModelDefinition,
  type ModelOptions,
  model,
  type OnGradients,
  type Part,
  type PartsFitData,
  type Progress,
  type RunData,
  type SaveOptions,
  sequential,
  type TrainBegin,
} from '../models/index.js';
export {
  type KerasConvnetOptions,
  kerasConvnet,
  type MiniXceptionOptions,
  miniXception,
  networks,
} from '../networks/index.js';
export { optimizers } from '../optimizers/index.js';
export type { EpochProgress, StepProgress, Verbose } from '../progress/index.js';
export { schedules } from '../schedules/index.js';

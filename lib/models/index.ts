/** Networks that learn, and those that can be asked for by name. */
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
export {
  type BatchEnd,
  checkCallbacks,
  type EpochLogs,
  type EvaluateOptions,
  type FitCallbacks,
  type FitOptions,
  fitOptionNames,
  judge,
  type Logs,
  logsOf,
  type Progress,
  type Sums,
  validationLogs,
} from './fit.js';
export { type KerasConvnetOptions, kerasConvnet } from './keras_convnet.js';
export { type MiniXceptionOptions, miniXception, miniXceptionConv } from './mini_xception.js';
export { type BatchResult, Model, type ModelOptions, model, type OnGradients, sequential } from './model.js';
export { rowsOf } from './rows.js';
export { provideRunFit, type RunData, type RunFit, type TakenModel } from './run_fit.js';
export { type FitData, type SampleShapes, samplesOf } from './samples.js';
export { modelNamed, models } from './table.js';
export { type Watch, watchOf } from './watch.js';

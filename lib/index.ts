/** samebits: the public names, nothing else. */
export {
  type AttributedRun,
  type AttributedSource,
  type AttributeHooks,
  type AttributeOptions,
  type Attribution,
  attribute,
} from './attribution/index.js';
export * from './audit/index.js';
export {
  type ClassConfig,
  type Config,
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
} from './config/index.js';
export * from './data/index.js';
export * as divergence from './divergence/index.js';
export {
  ArgumentError,
  DataError,
  DisposedError,
  DtypeError,
  type ErrorCode,
  FileError,
  NativeError,
  type Refusal,
  SamebitsError,
  ShapeError,
  show,
  TargetError,
  wording,
} from './errors/index.js';
export * from './explain/index.js';
export * as layers from './layers/index.js';
export * as losses from './losses/index.js';
export * from './models/index.js';
export * from './ops/index.js';
export * as optimizers from './optimizers/index.js';
export type { EpochProgress, StepProgress, Verbose } from './progress/index.js';
export { type Sequence, type StreamName, shuffle, streams } from './random/index.js';
export { type ReportOptions, type WrittenReport, writeReport } from './reports/index.js';
export * from './runs/index.js';
export {
  type Arrival,
  type ArrivalOptions,
  type Capabilities,
  capabilities,
  createRuntime,
  type Device,
  type Isa,
  type KernelContract,
  type KernelTensor,
  type Mode,
  Runtime,
  type RuntimeOptions,
  type SumOrder,
  type TaskPart,
} from './runtime/index.js';
export * as schedules from './schedules/index.js';
export {
  argumentsOf,
  type BeginRequest,
  checkFlip,
  type Flip,
  flipText,
  joinsByArrival,
  type OutputFlip,
  parseFlip,
  type ResumeRequest,
  runtimeOptionsOf,
  type SettingName,
  type SourceOptions,
  sourcesOf,
  type TrainOptions,
  type TrainRequest,
  type WeightFlip,
} from './settings/index.js';
export * as stats from './stats/index.js';
export {
  type DataSettings,
  type DataSource,
  type ModelSource,
  openTask,
  type Task,
  type TaskHooks,
  type TaskSettings,
} from './tasks/index.js';
export {
  type Dtype,
  full,
  keep,
  type Nested,
  type NumberArray,
  ones,
  type Shape,
  scope,
  Tensor,
  type TensorData,
  tensor,
  zeros,
} from './tensor/index.js';
export {
  parseTrace,
  readTrace,
  type Trace,
  type TraceLevel,
  type Tree,
  treeOf,
} from './trace/index.js';
export * from './training/index.js';

/** Trainings from beginning to end: trials, checkpoints, hashes, and the files they leave. */
export { hashTensors } from './hash.js';
export { type FinishedRun, modelOfRun, readRun, restoreRun } from './run.js';
export { lastWeightsPath, weightsPath } from './run_folder.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type StoredTensor,
  type TensorFile,
  writeSafetensors,
} from './safetensors.js';
export { trainTrial } from './train.js';
export type { EpochResult, StepProgress, TrainHooks, TrainOptions, TrainResult } from './trial.js';
export { loadWeights, saveWeights, weightsHash, weightsOf } from './weights.js';

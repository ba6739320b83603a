/** Trainings from beginning to end: trials, checkpoints, receipts, and the files they leave. */
export { hashTensors, type StoredTensor } from '../trace/index.js';
export { BitFlip } from './bit_flip.js';
export { checkpointPath, epochCheckpointPath, type Identity, parseCheckpoint } from './checkpoint.js';
export type { CompiledFacts, NamedSettings } from './compiled_facts.js';
export { checkFlip, type Flip, flipText, type OutputFlip, parseFlip, type WeightFlip } from './flip.js';
export type { GivenState } from './given_state.js';
export { keptPlaces, keptSteps, stepWeightsPath } from './kept_steps.js';
export { describeMachine, type Machine } from './machine.js';
export { dataPath, openPictures, type PictureHooks, type PictureOptions } from './pictures.js';
export { parseReceipt, readReceipt, receiptPath, sha256 } from './receipt.js';
export type { Receipt } from './receipt_form.js';
export { checkResult, type FinishedRun, modelOfRun, readRun, restoreRun } from './run.js';
export { lastWeightsPath, predictionsPath, weightsPath } from './run_folder.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type TensorFile,
  writeSafetensors,
} from './safetensors.js';
export { readPublicKey } from './signature.js';
export { joinsByArrival, runtimeOptionsOf, type SourceOptions, sourcesOf, sourcesText } from './sources.js';
export { tracePath } from './tracing.js';
export { trainFrom, trainTrial } from './train.js';
export {
  type Checkpoints,
  checkpointChoices,
  type EpochResult,
  type ReachedState,
  type StepProgress,
  type TrainHooks,
  type TrainOptions,
  type TrainRequest,
  type TrainResult,
  trainHookNames,
} from './trial.js';
export { loadWeights, restoreState, saveWeights, stateOf, stored, weightsHash, weightsOf } from './weights.js';

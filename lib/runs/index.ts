/** Run folders: everything a training leaves in its folder, written, read and checked. */
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type TensorFile,
  TensorReader,
  writeSafetensors,
} from '../formats/index.js';
export { hashTensors, type StoredTensor } from '../trace/index.js';
export {
  checkpointPath,
  epochCheckpointPath,
  type Identity,
  parseCheckpoint,
  readCheckpoint,
  type State,
  writeCheckpoint,
} from './checkpoint.js';
export { type CompiledFacts, compiledFacts, networkHash } from './compiled_facts.js';
export { dataPath, writeData } from './data_file.js';
export { type EvaluatedRun, type EvaluatedRuns, type EvaluateRunsOptions, evaluateRuns } from './evaluate_runs.js';
export { checkResult, type FinishedRun, modelOfRun, type RunModel, readRun, restoreRun } from './finished_run.js';
export { foreignInitial, initialName, initialPath, writeInitial } from './initial.js';
export { forgetStepsAfter, keptPlaces, keptSteps, stepWeightsPath, writeStepWeights } from './kept_steps.js';
export { expectNoLinks } from './links.js';
export { describeMachine, type Machine } from './machine.js';
export { type Means, meansFrom, meansOf, meansText } from './means.js';
export { builtFor, type NetworkPlaces, networkOf, type ToldNetwork } from './network.js';
export { parseReceipt, plainForm, readReceipt, receiptPath, sha256, writeReceipt } from './receipt.js';
export type { Receipt } from './receipt_form.js';
export type { EpochResult, TrainResult } from './result.js';
export { dataForRun } from './run_data.js';
export {
  expectEmpty,
  expectNotBegun,
  forgetBeginning,
  lastWeightsPath,
  predictionsPath,
  resultOf,
  sweepRun,
  tracePath,
  weightsIn,
  weightsPath,
  writeEpochWeights,
  writeHistory,
  writePredictions,
  writeResult,
} from './run_folder.js';
export { runSizeOf, type SizedRun } from './run_size.js';
export { ownData, ownSettings, readSettings, resumedOptions, writeSettings } from './settings_file.js';
export { readPrivateKey, readPublicKey } from './signature.js';
export { takeAlong } from './taken_along.js';
export { readUsage, writeUsage } from './usage_file.js';
export {
  loadWeights,
  restoreState,
  restoreWeights,
  saveWeights,
  stateOf,
  stored,
  weightsHash,
  weightsOf,
} from './weights.js';

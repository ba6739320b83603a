/** What trainings leave: run folders, weights, receipts, traces. */
export {
  type CompiledFacts,
  type EpochResult,
  type FinishedRun,
  hashTensors,
  type Machine,
  modelOfRun,
  parseReceipt,
  type Receipt,
  type RunModel,
  readReceipt,
  readRun,
  readSafetensors,
  restoreRun,
  type StoredTensor,
  type TensorFile,
  type TrainResult,
  weightsHash,
  writeSafetensors,
} from '../runs/index.js';
export { parseTrace, readTrace, type Trace, type TraceLevel, type Tree, treeOf } from '../trace/index.js';

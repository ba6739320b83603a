/** Hashes and trees of named tensors, and the append-only file that keeps them while a training runs. */
export { littleEndian, type StoredTensor, valuesOf } from './bytes.js';
export { type Cut, isTrace } from './frames.js';
export { hashTensors } from './hash.js';
export { keptValues, type Linked, type Place, parseTrace, readTrace, type Trace } from './reader.js';
export { type OpTensor, type TracedStep, TraceRecorder } from './recorder.js';
export {
  type Described,
  type EpochRecord,
  type OpRecord,
  type StepRecord,
  type TraceBegin,
  type TraceLevel,
  traceLevels,
  treeSchema,
  type ValuesRecord,
} from './records.js';
export { blockBytes, rootOf, type Tree, tensorHash, treeOf } from './tree.js';

/** Gradients: the tape, the plan of memory, and the walk backwards. */
export {
  type AppliedActivation,
  type Backward,
  type BackwardContext,
  ElidedBuffer,
  type KernelCall,
  type Operation,
} from './operation.js';
export {
  isReluOutput,
  isWatched,
  letGo,
  record,
  sourcesOf,
  unrecorded,
  type ValueAndGradients,
  valueAndGradients,
} from './tape.js';

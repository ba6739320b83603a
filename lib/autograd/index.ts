/** Gradients: the tape and the walk backwards. */
export {
  type Accumulate,
  type Backward,
  isIntermediate,
  isRecording,
  isWatched,
  readersOf,
  record,
  sourcesOf,
  type ValueAndGradients,
  valueAndGradients,
} from './tape.js';

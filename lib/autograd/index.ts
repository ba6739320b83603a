/** Gradients: the tape and the walk backwards. */
export {
  type Accumulate,
  type Backward,
  isRecording,
  isWatched,
  record,
  type ValueAndGradients,
  valueAndGradients,
} from './tape.js';

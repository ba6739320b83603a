/**
 * A training that begins with tensors somebody gave: its place in the data, its sums and its history are not taken from
 * them but follow from the options and the data, so nothing but the tensors has to be checked.
 */
import type { EpochLogs, Model } from '../models/index.js';
import type { State } from '../runs/index.js';
import { restoreState, restoreWeights } from '../runs/index.js';
import type { StoredTensor } from '../trace/index.js';

/** Weights and what the optimizer remembers after so many whole epochs; after none, weights alone. */
export interface GivenState {
  epochs: number;
  tensors: readonly StoredTensor[];
  /** What was measured in these epochs: callbacks that decide judge them again. Default none. */
  done?: readonly EpochLogs[];
  /** Where they lay, for messages. */
  path: string;
}

/** Puts a compiled model into a given state. Throws FileError, before any change, for tensors that are not the model's. */
export function beginWith({ epochs, tensors, path }: GivenState, model: Model, stepsInEpoch: number): State {
  if (epochs === 0) restoreWeights(model, tensors, path);
  else restoreState(model, tensors, path);
  model.iterations = epochs * stepsInEpoch;
  model.epochs = epochs;
  return {
    iterations: model.iterations,
    progress: { epoch: epochs, step: 0, loss: 0, samples: 0, metrics: {} },
    epochs: [],
    trees: [],
    stepSeconds: [],
    epochSeconds: 0,
  };
}

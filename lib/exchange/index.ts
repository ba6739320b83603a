/** Networks and weights in the files of other libraries, both ways: Keras, PyTorch, NumPy. */
import { provideSave } from '../models/index.js';
import { saveModel } from './model_file.js';

provideSave(saveModel);

export type { WeightsReport } from './assign.js';
export { beginWithWeights, expectWeightsFile } from './first_weights.js';
export { kerasLayers, kerasPlaces, variablesOf } from './keras_layers.js';
export type { LayersBy } from './keras_legacy.js';
export { type LoadModelOptions, loadModel } from './model_file.js';
export type { PytorchModules } from './pytorch.js';
export { tensorsIn } from './tensors_in.js';
export {
  type Convention,
  type LoadWeightsOptions,
  loadWeights,
  type SaveWeightsOptions,
  saveWeights,
} from './weights_file.js';

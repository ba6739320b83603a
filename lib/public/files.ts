/** Files of other libraries: whole models, weights and arrays. */
export {
  type Convention,
  type LayersBy,
  type LoadModelOptions,
  type LoadWeightsOptions,
  loadModel,
  loadWeights,
  type PytorchModules,
  type SaveWeightsOptions,
  saveWeights,
  type WeightsReport,
} from '../exchange/index.js';
export {
  type Inexact,
  type ReadNpzOptions,
  type ReadNumpyOptions,
  readNpy,
  readNpz,
  writeNpy,
  writeNpz,
} from '../formats/index.js';

/** Distances between two results: ulp, bits, absolute, relative, direction, and the first element that differs. */
export { compareArrays, type Divergence } from './arrays.js';
export { NAN_DISTANCE, ulpDistance, ulpDistanceOfBits } from './ulp.js';
export {
  compareAll,
  compareWeights,
  type LayerDivergence,
  layerOf,
  type NamedTensor,
  type WeightsDivergence,
} from './weights.js';

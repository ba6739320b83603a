/** Distances between results, for pairs and for N runs, and how they grow; arrays in, numbers out. */
export { compareArrays, type Divergence } from './arrays.js';
export { type Growth, growthRate, leastPoints, leastRSquared, type NoGrowth, rateBetween } from './growth.js';
export { comparePredictions, type PredictionsDivergence, type PredictionsOptions } from './predictions.js';
export { compareRuns, compareRunsIn, type ModelsDivergence, type RunsDivergence } from './runs.js';
export { cosineSimilarities, type Similarity } from './similarity.js';
export { layersIn, type RunsSource, sourceOf } from './source.js';
export { componentSd, type Spread } from './spread.js';
export { layerOf, type NamedTensor, type TensorForm } from './tensors.js';
export { NAN_DISTANCE, ulpDistance, ulpDistanceOfBits } from './ulp.js';
export {
  compareAll,
  compareAllIn,
  compareWeights,
  type LayerDivergence,
  type PairsDivergence,
  type WeightsDivergence,
} from './weights.js';

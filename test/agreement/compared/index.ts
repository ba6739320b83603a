// All that is compared with another library, by kind.

export { type Compared, distanceOf, type Pair } from './compared.js';
export { layersCompared } from './layers.js';
export { lossesCompared, lossesKept } from './losses.js';
export { judgedIn, metricRows, metricsCompared } from './metrics.js';
export { operationsCompared } from './operations.js';
export { makers, optimizerOf, optimizersCompared, type StepSample, stepsOf, walk } from './optimizers.js';

/** The operations: one file each, one line each. */
export { add } from './add.js';
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary_crossentropy.js';
export { gradients } from './gradients.js';
export { multiply } from './multiply.js';
export { mean, type ReduceOptions, sum } from './reduce.js';
export { relu } from './relu.js';
export { type RmspropSettings, type RmspropSlots, rmspropUpdate } from './rmsprop.js';
export { type SgdSettings, sgdUpdate } from './sgd.js';

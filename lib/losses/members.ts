/** The losses and metrics; a line here makes one known to words and configs. */
export { binaryAccuracy, categoricalAccuracy } from './accuracy.js';
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary_crossentropy.js';
export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical_crossentropy.js';

/** The losses; a line here makes one known to words and configs. */
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary_crossentropy.js';
export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical_crossentropy.js';

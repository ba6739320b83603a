/** The losses; a line here makes one known to words and configs. */
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary_crossentropy.js';
export {
  cosineSimilarity,
  hinge,
  huber,
  klDivergence,
  meanAbsoluteError,
  meanSquaredError,
  squaredHinge,
} from './by_value.js';
export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical_crossentropy.js';
export { type DiceOptions, dice } from './dice.js';
export {
  type BinaryFocalOptions,
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  type FocalOptions,
} from './focal.js';
export {
  type SparseCategoricalCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from './sparse_categorical_crossentropy.js';

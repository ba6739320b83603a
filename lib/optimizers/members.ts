/** The optimizers, simplest first; a line here makes one known to words and configs. */
export { type RmspropOptions, rmsprop } from './rmsprop.js';
export { type SgdOptions, sgd } from './sgd.js';

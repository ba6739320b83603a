/** The optimizers; a line here makes one known to words and configs. */

export { type AdadeltaOptions, adadelta } from './adadelta.js';
export { type AdagradOptions, adagrad } from './adagrad.js';
export { type AdamOptions, adam, adamw } from './adam.js';
export { adamax } from './adamax.js';
export type { MomentOptions } from './moments.js';
export { nadam } from './nadam.js';
export { type RmspropOptions, rmsprop } from './rmsprop.js';
export { type SgdOptions, sgd } from './sgd.js';

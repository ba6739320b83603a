/** Optimizers, simplest first, and their names. */
import { wordOption } from '../errors/index.js';
import type { Optimizer } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

export type { Optimizer } from './optimizer.js';
export { type RmspropOptions, rmsprop } from './rmsprop.js';
export { type SgdOptions, sgd } from './sgd.js';

const byName = { sgd, rmsprop };

/** An optimizer, or the name of one with its defaults. */
export type OptimizerOption = keyof typeof byName | Optimizer;

/** The optimizer an option means. Throws ArgumentError for an unknown name. */
export function optimizerOption(who: string, value: OptimizerOption): Optimizer {
  if (typeof value === 'object' && typeof value?.update === 'function') return value;
  return byName[
    wordOption(who, 'optimizer', value as keyof typeof byName, Object.keys(byName) as (keyof typeof byName)[])
  ]();
}

/** Optimizers, their names, and how they become plain data and come back. */
import { type ClassConfig, classConfig, classesOf, meant, type Registry } from '../classes/index.js';
import * as members from './members.js';
import type { Optimizer, OptimizerOption } from './optimizer.js';

export * from './members.js';
export { type Optimizer, type OptimizerOption, rateOf } from './optimizer.js';
export * as optimizers from './public.js';

const isThing = (value: unknown): value is Optimizer =>
  typeof value === 'object' && value !== null && typeof (value as Optimizer).update === 'function';
const classes = classesOf<Optimizer>(members);

/** Words may say where an epsilon is added by `epsilon=outside`. */
function ofWords({ options }: { options: Record<string, unknown> }): Record<string, unknown> {
  const { epsilon, ...others } = options;
  if (typeof epsilon !== 'string') return options;
  return { ...others, epsilonPlace: epsilon };
}

/** The optimizer an option means. Throws ArgumentError for an unknown name or class, DataError for a bad config. */
export function optimizerOption(who: string, value: OptimizerOption, custom?: Registry): Optimizer {
  const meaning = { who, name: 'optimizer', what: 'an optimizer', classes, isThing, ofWords };
  return meant(value, { ...meaning, ...(custom && { custom }) });
}

/** The optimizer as plain data. Throws ArgumentError for one of the user's own that does not tell its config. */
export const optimizerConfig = (optimizer: Optimizer): ClassConfig => classConfig(optimizer, 'optimizerConfig');

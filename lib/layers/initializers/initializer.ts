/** What every initializer is, and how one is made of its options. */
import { type ClassSpec, type Config, type Configurable, configOf, type Described } from '../../classes/index.js';
import { seedOption } from '../../errors/index.js';
import type { Sequence } from '../../random/index.js';
import type { Runtime } from '../../runtime/index.js';
import type { Shape, Tensor } from '../../tensor/index.js';

/** Makes the first values of a weight. One that a config is to hold has `className` and `getConfig`, too. */
export interface Initializer extends Partial<Configurable> {
  /** A seed of its own; without one the run's seed is used. */
  readonly seed: number | undefined;
  values(runtime: Runtime, shape: Shape, sequence: Sequence): Tensor;
}

/** Option of every random initializer. */
export interface SeedOption {
  /** Integer from 0 to 2^53 - 1. Default: the run's seed. */
  seed?: number;
}

export const seedOf = (who: string, { seed }: SeedOption) =>
  seed === undefined ? undefined : seedOption(who, 'seed', seed);

/** The description of an initializer of Keras, or with another `module` of our own. */
export const specOf = (
  className: string,
  options: readonly string[],
  fixed: Config = {},
  module = 'keras.initializers',
): ClassSpec => ({ className, module, options, fixed });

/** An initializer of a class, with these options. */
export function initializer(
  spec: ClassSpec,
  options: Readonly<Record<string, unknown>> & { readonly seed?: number | undefined },
  values: Initializer['values'],
): Initializer & Described {
  return { spec, className: spec.className, seed: options.seed, getConfig: () => configOf(spec, options), values };
}

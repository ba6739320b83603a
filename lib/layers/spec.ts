/** What the descriptions of all layers share: names, dtype, activations, initializers, and what only Keras can vary. */
import type { ClassSpec, Config } from '../classes/index.js';
import type { Pair } from '../ops/index.js';
import { readActivation } from './activations.js';
import { type Constraint, type ConstraintOption, readConstraint } from './constraints.js';
import { type Initializer, type InitializerOption, readInitializer } from './initializers.js';
import { type Regularizer, type RegularizerOption, readRegularizer } from './regularizers.js';

/** The options that every layer takes. */
export const commonOptions = ['name', 'trainable'] as const;

type CheckedPair<V> = [V] extends [Pair] ? (Pair extends V ? readonly [number, number] : V) : V;
type CheckedOption<V> = InitializerOption extends V
  ? Initializer
  : RegularizerOption extends V
    ? Regularizer | null
    : ConstraintOption extends V
      ? Constraint | null
      : CheckedPair<V>;

/** A layer's own options as its constructor leaves them: complete, pairs as pairs, initializers as such. */
export type Checked<O> = {
  readonly [K in Exclude<keyof O, (typeof commonOptions)[number]>]-?: CheckedOption<Exclude<O[K], undefined>>;
};

/** How Keras 3 writes that a layer computes in float32. */
export const dtype: Config = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
};

/** The description of a layer that has these options of its own. */
export function layerSpec(
  className: string,
  options: readonly string[] = [],
  { fixed = {}, own = {} }: Pick<ClassSpec, 'fixed' | 'own'> = {},
): ClassSpec {
  const readers = { Initializer: readInitializer, Regularizer: readRegularizer, Constraint: readConstraint };
  const things = Object.entries(readers).flatMap(([kind, read]) =>
    options.filter((name) => name.endsWith(kind)).map((name) => [name, read] as const),
  );
  return {
    className,
    module: 'keras.layers',
    options: [...options, ...commonOptions],
    fixed: { dtype, ...fixed },
    own,
    read: { activation: readActivation, ...Object.fromEntries(things) },
  };
}

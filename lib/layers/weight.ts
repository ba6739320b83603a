/** A weight of a layer: its name, shape and first values; it gets a tensor when the model is given a runtime. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import type { Sequence } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { keep, type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import type { Constraint } from './constraints.js';
import type { Initializer } from './initializers.js';
import type { Regularizer } from './regularizers.js';

export interface WeightOptions {
  name: string;
  shape: Shape;
  initializer: Initializer;
  /** Default true. */
  learns?: boolean;
  /** Default: where it learns. */
  trainable?: boolean;
  /** Default none. */
  regularizer?: Regularizer | null;
  /** Default none. */
  constraint?: Constraint | null;
  /** Default false. */
  integer?: boolean;
}

/** Throws, in the words of `who`, unless there are values for each of the weights, and as many as it has. */
export function checkValues(who: string, weights: readonly Weight[], values: readonly ArrayLike<number>[]): void {
  if (!Array.isArray(values) || values.length !== weights.length) {
    const got = Array.isArray(values) ? `${values.length}` : show(values);
    throw new ArgumentError({ who, expected: `values of ${weights.length} weights`, got });
  }
  weights.forEach(({ name, size, shape }, i) => {
    const given: unknown = values[i];
    const length = typeof given === 'object' && given !== null ? (given as ArrayLike<number>).length : undefined;
    if (length === size) return;
    const expected = `${size} values of ${name} ${show([...shape])}`;
    throw new ShapeError({ who, expected, got: length === undefined ? show(given) : `${length}` });
  });
}

/** A named tensor that training may change. */
export class Weight {
  /** Name inside the layer, such as `kernel`. */
  readonly name: string;
  readonly shape: Shape;
  /** Whether it can learn at all: statistics do not. */
  readonly learns: boolean;
  /** Whether training changes it. */
  trainable: boolean;
  readonly initializer: Initializer;
  readonly size: number;
  /** What the loss gets for it, while it learns. */
  readonly regularizer: Regularizer | null;
  /** What it is put back to behind every step, while it learns. */
  readonly constraint: Constraint | null;
  /** Whether Keras keeps it as int64: its values are whole then. */
  readonly integer: boolean;
  #tensor: Tensor | undefined;

  constructor({
    name,
    shape,
    initializer,
    learns = true,
    trainable = learns,
    integer = false,
    ...rules
  }: WeightOptions) {
    this.name = name;
    this.shape = shape;
    this.initializer = initializer;
    this.learns = learns;
    this.trainable = trainable;
    this.size = sizeOf(shape);
    this.regularizer = rules.regularizer ?? null;
    this.constraint = rules.constraint ?? null;
    this.integer = integer;
  }

  /** The values. Throws ArgumentError before the model was compiled. */
  get tensor(): Tensor {
    if (this.#tensor !== undefined) return this.#tensor;
    throw new ArgumentError({
      who: `weight '${this.name}'`,
      expected: 'a model that was given a runtime',
      got: 'one that was not',
      hint: 'call compile first',
    });
  }

  /** The runtime it lives on; undefined where it has no values yet. */
  get runtime(): Runtime | undefined {
    return this.#tensor?.runtime;
  }

  /** @internal Makes the tensor with its first values. */
  make(runtime: Runtime, sequence: Sequence): void {
    this.#tensor = keep(this.initializer.values(runtime, this.shape, sequence));
  }

  /** @internal Gives the memory back. */
  dispose(): void {
    this.#tensor?.dispose();
    this.#tensor = undefined;
  }
}

/** A weight and its name in files and hashes. */
export interface NamedWeight {
  name: string;
  weight: Weight;
}

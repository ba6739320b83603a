/** merge: the layers that join several inputs place by place, each a line of what it does. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import * as ops from '../ops/index.js';
import { full, type Shape, type Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker } from './layer.js';
import { layerSpec } from './spec.js';

interface Merging {
  /** In Keras. */
  className: string;
  kind: string;
  /** Of the first two inputs, then of that and the next one. */
  of: (a: Tensor, b: Tensor) => Tensor;
  /** What becomes of the result of so many. Default: nothing. */
  last?: (result: Tensor, count: number) => Tensor;
  /** The most inputs. Default: any number. */
  most?: number;
}

/** A layer over inputs with equally many axes whose lengths broadcast together. */
function merging({ className, kind, of, last = (result) => result, most = Number.POSITIVE_INFINITY }: Merging) {
  class Merge extends Layer {
    readonly kind = kind;
    readonly kerasName = className;
    static readonly spec = layerSpec(className);

    constructor(options: LayerOptions = {}) {
      super(kind, options, Merge.spec);
    }

    override computeOutputShape(inputs: readonly Shape[]): Shape {
      const [first, ...others] = inputs;
      if (first === undefined || others.length === 0 || inputs.length > most) {
        const expected = most === 2 ? 'two inputs' : 'two inputs or more';
        throw new ArgumentError({ who: this.name, expected, got: `${inputs.length}` });
      }
      return others.reduce((shape, other) => {
        if (other.length === shape.length) return ops.broadcastShape(this.name, shape, other);
        const expected = `inputs of ${shape.length} axes beside the batch`;
        throw new ShapeError({ who: this.name, expected, got: show([...other]) });
      }, first);
    }

    override call(inputs: readonly Tensor[]): Tensor {
      return last(inputs.reduce(of), inputs.length);
    }
  }
  return layerMaker(Merge);
}

/** Adds its inputs from the first to the last: `add().apply([x, residual])`. */
export const add = merging({ className: 'Add', kind: 'add', of: (a, b) => ops.add(a, b) });

/** The first of two inputs less the second: `subtract().apply([x, y])`. */
export const subtract = merging({
  className: 'Subtract',
  kind: 'subtract',
  of: (a, b) => ops.subtract(a, b),
  most: 2,
});

/** Multiplies its inputs from the first to the last: `multiply().apply([x, gate])`. */
export const multiply = merging({ className: 'Multiply', kind: 'multiply', of: (a, b) => ops.multiply(a, b) });

/** Adds its inputs from the first to the last and divides by their number: `average().apply([x, y])`. */
export const average = merging({
  className: 'Average',
  kind: 'average',
  of: (a, b) => ops.add(a, b),
  last: (sum, count) => ops.divide(sum, full(sum.runtime, [], count)),
});

/** The largest of its inputs at each place; the gradient goes to the first that has it: `maximum().apply([x, y])`. */
export const maximum = merging({ className: 'Maximum', kind: 'maximum', of: (a, b) => ops.maximum(a, b) });

/** The smallest of its inputs at each place; the gradient goes to the first that has it: `minimum().apply([x, y])`. */
export const minimum = merging({ className: 'Minimum', kind: 'minimum', of: (a, b) => ops.minimum(a, b) });

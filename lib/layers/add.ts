/** add: the sum of two or more inputs of one shape. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { add as addTensors } from '../ops/index.js';
import { type Shape, sameShape, type Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker } from './layer.js';
import { layerSpec } from './spec.js';

class Add extends Layer {
  readonly kind = 'add';
  readonly kerasName = 'Add';
  static readonly spec = layerSpec('Add');

  constructor(options: LayerOptions = {}) {
    super('add', options, Add.spec);
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [first, ...others] = inputs;
    if (first === undefined || others.length === 0) {
      throw new ArgumentError({ who: this.name, expected: 'two inputs or more', got: `${inputs.length}` });
    }
    const other = others.find((shape) => !sameShape(shape, first));
    if (other === undefined) return first;
    throw new ShapeError({
      who: this.name,
      expected: `inputs of one shape (${show([...first])})`,
      got: show([...other]),
    });
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((sum, input) => addTensors(sum, input));
  }
}

/** Adds its inputs from the first to the last: `add().apply([x, residual])`. */
export const add = layerMaker(Add);

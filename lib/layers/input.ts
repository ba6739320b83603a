/** input: where a network begins. */
import type { ClassSpec } from '../classes/index.js';
import { checkOptions, ShapeError, show } from '../errors/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type CallContext, Layer, single } from './layer.js';
import { Symbolic } from './symbolic.js';

/** What `input` takes. */
export interface InputOptions {
  /** Shape of one sample, without the batch axis, such as `[180, 180, 3]`. */
  shape: readonly number[];
  /** Default `input_layer`. */
  name?: string;
}

/** The beginning of a network; `input` makes one. */
export class InputLayer extends Layer {
  readonly kind = 'input_layer';
  readonly kerasName = 'InputLayer';
  static readonly spec: ClassSpec = {
    className: 'InputLayer',
    module: 'keras.layers',
    options: ['batchShape', 'name'],
    fixed: { dtype: 'float32', sparse: false, ragged: false, optional: false },
  };
  protected override readonly settings: { readonly batchShape: readonly (number | null)[] };

  constructor({ shape, ...named }: InputOptions) {
    super('input', named);
    this.settings = { batchShape: [null, ...shape] };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[], _context: CallContext): Tensor {
    return single(this, inputs);
  }
}

/** A place for data of this shape. Throws ShapeError unless every length is an integer >= 1. */
export function input(options: InputOptions): Symbolic {
  checkOptions('input', options, ['shape', 'name']);
  const { shape } = options;
  const good = Array.isArray(shape) && shape.length <= 7 && shape.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (!good) {
    throw new ShapeError({ who: 'input', expected: 'shape to be a list of at most 7 lengths >= 1', got: show(shape) });
  }
  return new Symbolic([...shape], new InputLayer(options), []);
}

/** reshape: the values of a sample in other axes. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { reshape as reshapeTensor } from '../ops/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `reshape` takes. */
export interface ReshapeOptions extends LayerOptions {
  /** The lengths of a sample's axes; one may be -1, which is what is left. */
  targetShape: readonly number[];
}

class Reshape extends Layer {
  readonly kind = 'reshape';
  readonly kerasName = 'Reshape';
  static readonly spec = layerSpec('Reshape', ['targetShape']);
  protected override readonly settings: Checked<ReshapeOptions>;

  constructor(options: ReshapeOptions) {
    super('reshape', options, Reshape.spec);
    const { targetShape } = options;
    const fits = (length: unknown) => Number.isSafeInteger(length) && ((length as number) >= 1 || length === -1);
    const valid = Array.isArray(targetShape) && targetShape.every(fits);
    if (!valid || targetShape.filter((length) => length === -1).length > 1) {
      const expected = 'targetShape to be integers >= 1, of which one may be -1';
      throw new ArgumentError({ who: 'reshape', expected, got: show(targetShape) });
    }
    this.settings = { targetShape };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    const { targetShape } = this.settings;
    const left = sizeOf(shape) / sizeOf(targetShape.filter((length) => length !== -1));
    const lengths = targetShape.map((length) => (length === -1 ? left : length));
    if (Number.isSafeInteger(left) && sizeOf(lengths) === sizeOf(shape)) return lengths;
    const expected = `input of as many values as ${show([...targetShape])}`;
    throw new ShapeError({ who: this.name, expected, got: show([...shape]) });
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const x = single(this, inputs);
    return reshapeTensor(x, [x.shape[0]!, ...this.computeOutputShape([x.shape.slice(1)])]);
  }
}

/**
 * The values of a sample in other axes, row-major: `reshape({ targetShape: [7, 7, 64] })`. Throws ArgumentError for a bad shape;
 * applied to an input of another number of values, ShapeError.
 */
export const reshape = layerMaker(Reshape);

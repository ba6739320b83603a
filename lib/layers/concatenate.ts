/** concatenate: several inputs one behind the other along an axis. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { concatenate as join } from '../ops/index.js';
import { type Shape, sameShape, type Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `concatenate` takes. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis; 0 is the batch, which cannot be joined, and a negative one counts from the end. Default -1. */
  axis?: number;
}

class Concatenate extends Layer {
  readonly kind = 'concatenate';
  readonly kerasName = 'Concatenate';
  static readonly spec = layerSpec('Concatenate', ['axis']);
  protected override readonly settings: Checked<ConcatenateOptions>;

  constructor(options: ConcatenateOptions = {}) {
    super('concatenate', options, Concatenate.spec);
    const { axis = -1 } = options;
    if (!Number.isSafeInteger(axis) || axis === 0) {
      const expected = 'axis to be an integer other than 0, the batch';
      throw new ArgumentError({ who: 'concatenate', expected, got: show(axis) });
    }
    this.settings = { axis };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [first, ...others] = inputs;
    if (first === undefined || others.length === 0) {
      throw new ArgumentError({ who: this.name, expected: 'two inputs or more', got: `${inputs.length}` });
    }
    const { axis } = this.settings;
    const along = axis < 0 ? first.length + axis : axis - 1;
    if (along < 0 || along >= first.length) {
      const expected = `axis ${axis} among the ${first.length + 1} of an input, the batch being 0`;
      throw new ArgumentError({ who: this.name, expected, got: show([...first]) });
    }
    const other = others.find(
      (shape) => shape.length !== first.length || !sameShape(shape.with(along, first[along]!), first),
    );
    if (other !== undefined) {
      const expected = `inputs [${first.map((length, i) => (i === along ? '*' : length)).join(', ')}]`;
      throw new ShapeError({ who: this.name, expected, got: show([...other]) });
    }
    return first.with(
      along,
      inputs.reduce((sum, shape) => sum + shape[along]!, 0),
    );
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return join(inputs, this.settings);
  }
}

/**
 * Joins its inputs along an axis: `concatenate().apply([up, skip])` joins channels. Throws ArgumentError for a bad axis; applied to
 * inputs that differ elsewhere, ShapeError.
 */
export const concatenate = layerMaker(Concatenate);

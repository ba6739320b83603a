/** permute: the axes of a sample in another order. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import { transpose } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `permute` takes. */
export interface PermuteOptions extends LayerOptions {
  /** The axes of a sample, counted from 1, in their new order. */
  dims: readonly number[];
}

class Permute extends Layer {
  readonly kind = 'permute';
  readonly kerasName = 'Permute';
  static readonly spec = layerSpec('Permute', ['dims']);
  protected override readonly settings: Checked<PermuteOptions>;

  constructor(options: PermuteOptions) {
    super('permute', options, Permute.spec);
    const { dims } = options;
    if (!Array.isArray(dims) || !dims.every((_, i) => dims.includes(i + 1))) {
      const expected = 'dims to be 1 to the number of axes of a sample, each once';
      throw new ArgumentError({ who: 'permute', expected, got: show(dims) });
    }
    this.settings = { dims };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    const { dims } = this.settings;
    if (shape.length === dims.length) return dims.map((axis) => shape[axis - 1]!);
    throw new ShapeError({
      who: this.name,
      expected: `input of ${dims.length} axes beside the batch`,
      got: show([...shape]),
    });
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return transpose(single(this, inputs), { axes: [0, ...this.settings.dims] });
  }
}

/**
 * The axes of a sample in another order, [h, w, c] to [c, h, w]: `permute({ dims: [3, 1, 2] })`. Throws ArgumentError for bad dims;
 * applied to an input of another rank, ShapeError.
 */
export const permute = layerMaker(Permute);

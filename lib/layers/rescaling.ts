/** rescaling: inputs brought into another range, such as bytes into [0, 1]. */
import { numberOption } from '../errors/index.js';
import { rescaling as rescale } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `rescaling` takes. */
export interface RescalingLayerOptions extends LayerOptions {
  /** Multiplier. */
  scale: number;
  /** Summand. Default 0. */
  offset?: number;
}

class Rescaling extends Layer {
  readonly kind = 'rescaling';
  readonly kerasName = 'Rescaling';
  static readonly spec = layerSpec('Rescaling', ['scale', 'offset']);
  protected override readonly settings: Checked<RescalingLayerOptions>;

  constructor(options: RescalingLayerOptions) {
    super('rescaling', options, Rescaling.spec);
    const { scale, offset = 0 } = options;
    this.settings = {
      scale: numberOption('rescaling', 'scale', scale, 'a finite number', () => true),
      offset: numberOption('rescaling', 'offset', offset, 'a finite number', () => true),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return rescale(single(this, inputs), this.settings);
  }
}

/** x * scale + offset, in training and otherwise: `rescaling({ scale: 1 / 255 })`. Throws ArgumentError for no numbers. */
export const rescaling = layerMaker(Rescaling);

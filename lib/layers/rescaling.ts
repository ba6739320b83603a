/** rescaling: inputs brought into another range, such as bytes into [0, 1]. */
import { numberOption } from '../errors/index.js';
import { rescaling as rescale } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, single } from './layer.js';

export interface RescalingLayerOptions extends LayerOptions {
  /** Multiplier. */
  scale: number;
  /** Summand. Default 0. */
  offset?: number;
}

class Rescaling extends Layer {
  readonly kind = 'rescaling';
  readonly kerasName = 'Rescaling';
  readonly #scale: number;
  readonly #offset: number;

  constructor({ scale, offset = 0, ...options }: RescalingLayerOptions) {
    super('rescaling', options, ['scale', 'offset']);
    this.#scale = numberOption('rescaling', 'scale', scale, 'a finite number', () => true);
    this.#offset = numberOption('rescaling', 'offset', offset, 'a finite number', () => true);
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return rescale(single(this, inputs), { scale: this.#scale, offset: this.#offset });
  }
}

/** x * scale + offset, in training and otherwise: `rescaling({ scale: 1 / 255 })`. Throws ArgumentError for no numbers. */
export function rescaling(options: RescalingLayerOptions): Layer {
  return new Rescaling(options);
}

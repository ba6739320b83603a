/** leaky_relu: relu with a slope below zero. */
import { numberOption } from '../errors/index.js';
import { leakyRelu, type NormActivation } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { type LayerOptions, layerMaker } from './layer.js';
import { Pointwise } from './pointwise.js';
import { type Checked, layerSpec } from './spec.js';

/** What `leakyReLU` takes. */
export interface LeakyReluOptions extends LayerOptions {
  /** Slope below zero, at least 0. Default 0.3. */
  negativeSlope?: number;
}

class LeakyRelu extends Pointwise {
  readonly kind = 'leaky_re_lu';
  readonly kerasName = 'LeakyReLU';
  static readonly spec = layerSpec('LeakyReLU', ['negativeSlope']);
  protected override readonly settings: Checked<LeakyReluOptions>;

  constructor(options: LeakyReluOptions = {}) {
    super('leakyReLU', options, LeakyRelu.spec);
    const { negativeSlope = 0.3 } = options;
    this.settings = {
      negativeSlope: numberOption('leakyReLU', 'negativeSlope', negativeSlope, 'a number >= 0', (x) => x >= 0),
    };
  }

  /** With a slope of 0 its gradient at Infinity is not that of relu. */
  override get asActivation(): NormActivation | undefined {
    return this.settings.negativeSlope === 0 ? undefined : this.settings;
  }

  protected override of(x: Tensor): Tensor {
    return leakyRelu(x, this.settings);
  }
}

/** x where x >= 0, otherwise x * negativeSlope: `leakyReLU({ negativeSlope: 0.1 })`. Throws ArgumentError for a bad slope. */
export const leakyReLU = layerMaker(LeakyRelu);

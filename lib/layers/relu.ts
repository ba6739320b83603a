/** relu: the rectified linear unit as a layer, with Keras's options. */
import { numberOption } from '../errors/index.js';
import { type NormActivation, relu, reluSettings } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { type LayerOptions, layerMaker } from './layer.js';
import { Pointwise } from './pointwise.js';
import { layerSpec } from './spec.js';

/** What `reLU` takes. */
export interface ReluLayerOptions extends LayerOptions {
  /** The largest value. Default null: none. */
  maxValue?: number | null;
  /** Slope below the threshold, at least 0. Default 0. */
  negativeSlope?: number;
  /** Where x itself begins, at least 0. Default 0. */
  threshold?: number;
}

class Relu extends Pointwise {
  readonly kind = 're_lu';
  readonly kerasName = 'ReLU';
  static readonly spec = layerSpec('ReLU', ['maxValue', 'negativeSlope', 'threshold']);
  protected override readonly settings: { maxValue: number | null; negativeSlope: number; threshold: number };

  constructor(options: ReluLayerOptions = {}) {
    super('reLU', options, Relu.spec);
    const { maxValue = null, negativeSlope = 0, threshold = 0 } = options;
    const atLeast0 = (name: string, value: number) => numberOption('reLU', name, value, 'a number >= 0', (x) => x >= 0);
    this.settings = {
      maxValue,
      negativeSlope: atLeast0('negativeSlope', negativeSlope),
      threshold: atLeast0('threshold', threshold),
    };
    reluSettings('reLU', this.settings);
  }

  override get asActivation(): NormActivation {
    return this.settings;
  }

  protected override of(x: Tensor): Tensor {
    return relu(x, this.settings);
  }
}

/**
 * x from the threshold on, at most maxValue, and negativeSlope * (x - threshold) below: `reLU({ maxValue: 6 })`. Throws
 * ArgumentError for bad options.
 */
export const reLU = layerMaker(Relu);

/** softmax: over the last axis, as a layer. */
import { softmax as softmaxOf } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { type LayerOptions, layerMaker } from './layer.js';
import { Pointwise } from './pointwise.js';
import { layerSpec } from './spec.js';

class Softmax extends Pointwise {
  readonly kind = 'softmax';
  readonly kerasName = 'Softmax';
  static readonly spec = layerSpec('Softmax', [], { fixed: { axis: -1 } });

  constructor(options: LayerOptions = {}) {
    super('softmax', options, Softmax.spec);
  }

  protected override of(x: Tensor): Tensor {
    return softmaxOf(x);
  }
}

/** Softmax over the last axis: `softmax()`. */
export const softmax = layerMaker(Softmax);

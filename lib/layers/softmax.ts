/** softmax: over the last axis, as a layer. */
import { softmax as softmaxOf } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import type { ActivationName } from './activations.js';
import { type LayerOptions, layerMaker, single } from './layer.js';
import { Pointwise } from './pointwise.js';
import { layerSpec } from './spec.js';

class Softmax extends Pointwise {
  readonly kind = 'softmax';
  readonly kerasName = 'Softmax';
  static readonly spec = layerSpec('Softmax', [], { fixed: { axis: -1 } });

  constructor(options: LayerOptions = {}) {
    super('softmax', options, Softmax.spec);
  }

  override get lastActivation(): ActivationName {
    return 'softmax';
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    return single(this, inputs);
  }

  protected override of(x: Tensor): Tensor {
    return softmaxOf(x);
  }
}

/** Softmax over the last axis: `softmax()`. A cross-entropy behind it is computed from what goes into it. */
export const softmax = layerMaker(Softmax);

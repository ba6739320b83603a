/** activation: an activation function as a layer of its own. */
import { isFusedName, type NormActivation } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activate, activationOption } from './activations.js';
import { Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `activation` takes. */
export interface ActivationOptions extends LayerOptions {
  activation: ActivationName;
}

/** A layer that applies a function to every value; make one with `activation`. */
export class Activation extends Layer {
  readonly kind = 'activation';
  readonly kerasName = 'Activation';
  static readonly spec = layerSpec('Activation', ['activation']);
  protected override readonly settings: Checked<ActivationOptions>;

  constructor(options: ActivationOptions) {
    super('activation', options, Activation.spec);
    this.settings = { activation: activationOption('activation', options.activation) };
  }

  get activation(): ActivationName {
    return this.settings.activation;
  }

  override get asActivation(): NormActivation | undefined {
    return isFusedName(this.activation) ? this.activation : undefined;
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override get lastActivation(): ActivationName {
    return this.activation;
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return activate(this.activation, single(this, inputs));
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    return single(this, inputs);
  }
}

/** Applies an activation function: `activation({ activation: 'relu' })`. Throws ArgumentError for an unknown one. */
export const activation = layerMaker(Activation);

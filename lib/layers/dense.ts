/** dense: every output is a weighted sum of all inputs along the last axis. */
import { flagOption, integerOption, ShapeError, show } from '../errors/index.js';
import { type FusedActivation, dense as multiplyWeights } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activationOption, withActivation } from './activations.js';
import { type Initializer, type InitializerOption, initializerOption } from './initializers.js';
import { Layer, type LayerOptions, single } from './layer.js';

export interface DenseOptions extends LayerOptions {
  /** Number of outputs. */
  units: number;
  /** Default 'linear'. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default 'glorotUniform'. */
  kernelInitializer?: InitializerOption;
  /** Default 'zeros'. */
  biasInitializer?: InitializerOption;
}

const who = 'dense';

class Dense extends Layer {
  readonly kind = 'dense';
  readonly kerasName = 'Dense';
  readonly #units: number;
  readonly #activation: ActivationName;
  readonly #useBias: boolean;
  readonly #kernelInitializer: Initializer;
  readonly #biasInitializer: Initializer;

  constructor(options: DenseOptions) {
    const { units, activation, useBias, kernelInitializer, biasInitializer, ...common } = options;
    super(who, common, ['units', 'activation', 'useBias', 'kernelInitializer', 'biasInitializer']);
    this.#units = integerOption(who, 'units', units, 1);
    this.#activation = activationOption(who, activation ?? 'linear');
    this.#useBias = flagOption(who, 'useBias', useBias ?? true);
    this.#kernelInitializer = initializerOption(who, 'kernelInitializer', kernelInitializer ?? 'glorotUniform');
    this.#biasInitializer = initializerOption(who, 'biasInitializer', biasInitializer ?? 'zeros');
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [...rowsOf(this, inputs), this.#units];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const features = single(this, inputs).at(-1)!;
    this.addWeight('kernel', [features, this.#units], this.#kernelInitializer);
    if (this.#useBias) this.addWeight('bias', [this.#units], this.#biasInitializer);
  }

  override get lastActivation(): ActivationName {
    return this.#activation;
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return withActivation(this.#activation, (fused) => this.#multiply(inputs, fused));
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    return this.#multiply(inputs, 'linear');
  }

  #multiply(inputs: readonly Tensor[], activation: FusedActivation): Tensor {
    const [kernel, bias] = this.weights;
    return multiplyWeights(single(this, inputs), kernel!.tensor, { bias: bias?.tensor ?? null, activation });
  }
}

/** The axes before the features. Throws ShapeError when there are no features. */
function rowsOf(layer: Layer, inputs: readonly Shape[]): Shape {
  const shape = single(layer, inputs);
  if (shape.length > 0) return shape.slice(0, -1);
  throw new ShapeError({ who: layer.name, expected: 'input [..., features] beside the batch', got: show([...shape]) });
}

/**
 * A fully connected layer, [..., features] to [..., units], as Keras along the last axis:
 * `dense({ units: 1, activation: 'sigmoid' })`.
 * Throws ArgumentError for an unknown or bad option.
 */
export function dense(options: DenseOptions): Layer {
  return new Dense(options);
}

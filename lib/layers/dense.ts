/** dense: every output is a weighted sum of all inputs along the last axis. */
import { flagOption, integerOption, ShapeError, show } from '../errors/index.js';
import {
  type FusedActivation,
  isFusedActivation,
  dense as multiplyWeights,
  type NormActivation,
} from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activationOption, withActivation } from './activations.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type ActivityOptions, activityOption, type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { type Checked, layerSpec } from './spec.js';

/** What `dense` takes. */
export interface DenseOptions extends LayerOptions, ActivityOptions, RuleOptions<'kernel' | 'bias'> {
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
  static readonly spec = layerSpec(
    'Dense',
    [
      'units',
      'activation',
      'useBias',
      'kernelInitializer',
      'biasInitializer',
      ...ruleNames('kernel', 'bias'),
      'activityRegularizer',
    ],
    { fixed: { quantization_config: null } },
  );
  protected override readonly settings: Checked<DenseOptions>;

  constructor(options: DenseOptions) {
    super(who, options, Dense.spec);
    const { activation, useBias, kernelInitializer, biasInitializer } = options;
    this.settings = {
      ...rulesOption(who, options, 'kernel', 'bias'),
      ...activityOption(who, options),
      units: integerOption(who, 'units', options.units, 1),
      activation: activationOption(who, activation ?? 'linear'),
      useBias: flagOption(who, 'useBias', useBias ?? true),
      kernelInitializer: initializerOption(who, 'kernelInitializer', kernelInitializer ?? 'glorotUniform'),
      biasInitializer: initializerOption(who, 'biasInitializer', biasInitializer ?? 'zeros'),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return [...rowsOf(this, inputs), this.settings.units];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const features = single(this, inputs).at(-1)!;
    const { units, useBias, kernelInitializer, biasInitializer } = this.settings;
    this.addWeight('kernel', [features, units], kernelInitializer, rulesOf(this.settings, 'kernel'));
    if (useBias) this.addWeight('bias', [units], biasInitializer, rulesOf(this.settings, 'bias'));
  }

  override get lastActivation(): ActivationName {
    return this.settings.activation;
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return withActivation(this.settings.activation, (fused) => this.#multiply(inputs, fused));
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    return this.#multiply(inputs, 'linear');
  }

  override fuses(activation: NormActivation): boolean {
    return this.settings.activation === 'linear' && isFusedActivation(activation);
  }

  override callActivated(inputs: readonly Tensor[], _context: CallContext, activation: FusedActivation): Tensor {
    return this.#multiply(inputs, activation);
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
export const dense = layerMaker(Dense);

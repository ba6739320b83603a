/** conv2d_transpose: the way back of a convolution as a layer, [h, w, channels] to a larger [h', w', filters]. */
import { flagOption, integerOption } from '../errors/index.js';
import { conv2dTranspose as convolveBack, type Pair, pairOf, planConv2dTranspose } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activate, activationOption } from './activations.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { type ActivityOptions, activityOption, type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { layerSpec } from './spec.js';

/** What `conv2dTranspose` takes. */
export interface Conv2dTransposeOptions extends LayerOptions, ActivityOptions, RuleOptions<'kernel' | 'bias'> {
  /** Number of output channels. */
  filters: number;
  /** Rows and columns of a filter. */
  kernelSize: Pair;
  /** Default 1. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: 'valid' | 'same';
  /** Rows and columns added on one side. Default null: so that `same` gives height * stride. */
  outputPadding?: Pair | null;
  /** Default 1. */
  dilationRate?: Pair;
  /** Default 'linear'. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default 'glorotUniform'. */
  kernelInitializer?: InitializerOption;
  /** Default 'zeros'. */
  biasInitializer?: InitializerOption;
}

const who = 'conv2d_transpose';

class Conv2dTranspose extends Layer {
  readonly kind = 'conv2d_transpose';
  readonly kerasName = 'Conv2DTranspose';
  static readonly spec = layerSpec(
    'Conv2DTranspose',
    [
      ...['filters', 'kernelSize', 'strides', 'padding', 'outputPadding', 'dilationRate', 'activation', 'useBias'],
      ...['kernelInitializer', 'biasInitializer'],
      ...ruleNames('kernel', 'bias'),
      'activityRegularizer',
    ],
    { fixed: { data_format: 'channels_last' } },
  );
  protected override readonly settings;

  constructor(options: Conv2dTransposeOptions) {
    super(who, options, Conv2dTranspose.spec);
    const { activation, useBias, kernelInitializer, biasInitializer, outputPadding = null } = options;
    this.settings = {
      ...rulesOption(who, options, 'kernel', 'bias'),
      ...activityOption(who, options),
      filters: integerOption(who, 'filters', options.filters, 1),
      kernelSize: pairOf(who, 'kernelSize', options.kernelSize),
      strides: pairOf(who, 'strides', options.strides ?? 1),
      padding: options.padding ?? 'valid',
      outputPadding,
      dilationRate: pairOf(who, 'dilationRate', options.dilationRate ?? 1),
      activation: activationOption(who, activation ?? 'linear'),
      useBias: flagOption(who, 'useBias', useBias ?? true),
      kernelInitializer: initializerOption(who, 'kernelInitializer', kernelInitializer ?? 'glorotUniform'),
      biasInitializer: initializerOption(who, 'biasInitializer', biasInitializer ?? 'zeros'),
    };
  }

  #options() {
    const { strides, padding, outputPadding, dilationRate: dilations } = this.settings;
    return { strides, padding, outputPadding, dilations };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { filters, kernelSize } = this.settings;
    const weight = [...kernelSize, filters, shape[2]!];
    return planConv2dTranspose(this.name, [1, ...shape], weight, this.#options()).shape.slice(1);
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const { filters, kernelSize, useBias, kernelInitializer, biasInitializer } = this.settings;
    this.addWeight(
      'kernel',
      [...kernelSize, filters, single(this, inputs)[2]!],
      kernelInitializer,
      rulesOf(this.settings, 'kernel'),
    );
    if (useBias) this.addWeight('bias', [filters], biasInitializer, rulesOf(this.settings, 'bias'));
  }

  override get isConvolution(): boolean {
    return true;
  }

  override get lastActivation(): ActivationName {
    return this.settings.activation;
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return activate(this.settings.activation, this.callLogits(inputs));
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    const [kernel, bias] = this.weights;
    return convolveBack(single(this, inputs), kernel!.tensor, { ...this.#options(), bias: bias?.tensor ?? null });
  }
}

/**
 * A transposed convolution, [h, w, channels] to [h', w', filters]: `conv2dTranspose({ filters: 32, kernelSize: 2, strides: 2 })`
 * doubles a picture. Throws ArgumentError for an unknown or bad option; applied to an input that does not fit, ShapeError.
 */
export const conv2dTranspose = layerMaker(Conv2dTranspose);

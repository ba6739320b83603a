/** separable_conv2d: every channel convolved by itself, then all channels mixed at each place. */
import { flagOption, integerOption } from '../errors/index.js';
import {
  type FusedActivation,
  isFusedActivation,
  type NormActivation,
  type Padding,
  type Pair,
  pairOf,
  resolveWindow,
  separableConv2d as separable,
} from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activationOption, withActivation } from './activations.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { type ActivityOptions, activityOption, type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { type Checked, layerSpec } from './spec.js';

/** What `separableConv2d` takes. */
export interface SeparableConv2dOptions
  extends LayerOptions,
    ActivityOptions,
    RuleOptions<'depthwise' | 'pointwise' | 'bias'> {
  /** Number of output channels. */
  filters: number;
  /** Rows and columns of a depthwise filter. */
  kernelSize: Pair;
  /** Default 1. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
  /** Default 1. */
  dilationRate?: Pair;
  /** Depthwise outputs per input channel. Default 1. */
  depthMultiplier?: number;
  /** Default 'linear'. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default 'glorotUniform'. */
  depthwiseInitializer?: InitializerOption;
  /** Default 'glorotUniform'. */
  pointwiseInitializer?: InitializerOption;
  /** Default 'zeros'. */
  biasInitializer?: InitializerOption;
}

const who = 'separable_conv2d';

class SeparableConv2d extends Layer {
  readonly kind = 'separable_conv2d';
  readonly kerasName = 'SeparableConv2D';
  static readonly spec = layerSpec(
    'SeparableConv2D',
    [
      ...['filters', 'kernelSize', 'strides', 'padding', 'dilationRate', 'depthMultiplier', 'activation', 'useBias'],
      ...['depthwiseInitializer', 'pointwiseInitializer', 'biasInitializer'],
      ...ruleNames('depthwise', 'pointwise', 'bias'),
      'activityRegularizer',
    ],
    {
      fixed: {
        data_format: 'channels_last',
      },
    },
  );
  protected override readonly settings: Checked<SeparableConv2dOptions>;

  constructor(options: SeparableConv2dOptions) {
    super(who, options, SeparableConv2d.spec);
    const initializer = (
      name: 'depthwiseInitializer' | 'pointwiseInitializer' | 'biasInitializer',
      otherwise: InitializerOption,
    ) => initializerOption(who, name, options[name] ?? otherwise);
    this.settings = {
      ...rulesOption(who, options, 'depthwise', 'pointwise', 'bias'),
      ...activityOption(who, options),
      filters: integerOption(who, 'filters', options.filters, 1),
      kernelSize: pairOf(who, 'kernelSize', options.kernelSize),
      strides: pairOf(who, 'strides', options.strides ?? 1),
      padding: options.padding ?? 'valid',
      dilationRate: pairOf(who, 'dilationRate', options.dilationRate ?? 1),
      depthMultiplier: integerOption(who, 'depthMultiplier', options.depthMultiplier ?? 1, 1),
      activation: activationOption(who, options.activation ?? 'linear'),
      useBias: flagOption(who, 'useBias', options.useBias ?? true),
      depthwiseInitializer: initializer('depthwiseInitializer', 'glorotUniform'),
      pointwiseInitializer: initializer('pointwiseInitializer', 'glorotUniform'),
      biasInitializer: initializer('biasInitializer', 'zeros'),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { filters, kernelSize, strides, padding, dilationRate: dilations } = this.settings;
    const window = { inputs: [h!, w!], kernel: kernelSize, strides, padding, dilations } as const;
    return [...resolveWindow(this.name, window).outputs, filters];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const { filters, kernelSize, depthMultiplier, useBias, biasInitializer, ...initializers } = this.settings;
    const channels = single(this, inputs)[2]!;
    this.addWeight(
      'depthwise_kernel',
      [...kernelSize, channels, depthMultiplier],
      initializers.depthwiseInitializer,
      rulesOf(this.settings, 'depthwise'),
    );
    this.addWeight(
      'pointwise_kernel',
      [1, 1, channels * depthMultiplier, filters],
      initializers.pointwiseInitializer,
      rulesOf(this.settings, 'pointwise'),
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
    return withActivation(this.settings.activation, (fused) => this.#convolve(inputs, fused));
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    return this.#convolve(inputs, 'linear');
  }

  override fuses(activation: NormActivation): boolean {
    return this.settings.activation === 'linear' && isFusedActivation(activation);
  }

  override callActivated(inputs: readonly Tensor[], _context: CallContext, activation: FusedActivation): Tensor {
    return this.#convolve(inputs, activation);
  }

  #convolve(inputs: readonly Tensor[], activation: FusedActivation): Tensor {
    const [depthwise, pointwise, bias] = this.weights;
    const { strides, padding, dilationRate: dilations } = this.settings;
    const options = { strides, padding, dilations, bias: bias?.tensor ?? null, activation };
    return separable(single(this, inputs), depthwise!.tensor, pointwise!.tensor, options);
  }
}

/**
 * A depthwise separable convolution, [h, w, channels] to [h', w', filters]:
 * `separableConv2d({ filters: 64, kernelSize: 3, padding: 'same', useBias: false })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export const separableConv2d = layerMaker(SeparableConv2d);

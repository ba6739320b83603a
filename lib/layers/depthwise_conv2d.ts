/** depthwise_conv2d: every channel convolved by itself, as a layer. */
import { flagOption, integerOption } from '../errors/index.js';
import { add, depthwiseConv2d as convolve, type Padding, type Pair, pairOf, resolveWindow } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activate, activationOption } from './activations.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { type ActivityOptions, activityOption, type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { type Checked, layerSpec } from './spec.js';

/** What `depthwiseConv2d` takes. */
export interface DepthwiseConv2dOptions extends LayerOptions, ActivityOptions, RuleOptions<'depthwise' | 'bias'> {
  /** Rows and columns of a filter. */
  kernelSize: Pair;
  /** Default 1. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
  /** Outputs per input channel. Default 1. */
  depthMultiplier?: number;
  /** Default 1. */
  dilationRate?: Pair;
  /** Default 'linear'. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default 'glorotUniform'. */
  depthwiseInitializer?: InitializerOption;
  /** Default 'zeros'. */
  biasInitializer?: InitializerOption;
}

const who = 'depthwise_conv2d';

class DepthwiseConv2d extends Layer {
  readonly kind = 'depthwise_conv2d';
  readonly kerasName = 'DepthwiseConv2D';
  static readonly spec = layerSpec(
    'DepthwiseConv2D',
    [
      ...['kernelSize', 'strides', 'padding', 'depthMultiplier', 'dilationRate', 'activation', 'useBias'],
      ...['depthwiseInitializer', 'biasInitializer'],
      ...ruleNames('depthwise', 'bias'),
      'activityRegularizer',
    ],
    { fixed: { data_format: 'channels_last' } },
  );
  protected override readonly settings: Checked<DepthwiseConv2dOptions>;

  constructor(options: DepthwiseConv2dOptions) {
    super(who, options, DepthwiseConv2d.spec);
    const { activation, useBias, depthwiseInitializer, biasInitializer } = options;
    this.settings = {
      ...rulesOption(who, options, 'depthwise', 'bias'),
      ...activityOption(who, options),
      kernelSize: pairOf(who, 'kernelSize', options.kernelSize),
      strides: pairOf(who, 'strides', options.strides ?? 1),
      padding: options.padding ?? 'valid',
      depthMultiplier: integerOption(who, 'depthMultiplier', options.depthMultiplier ?? 1, 1),
      dilationRate: pairOf(who, 'dilationRate', options.dilationRate ?? 1),
      activation: activationOption(who, activation ?? 'linear'),
      useBias: flagOption(who, 'useBias', useBias ?? true),
      depthwiseInitializer: initializerOption(who, 'depthwiseInitializer', depthwiseInitializer ?? 'glorotUniform'),
      biasInitializer: initializerOption(who, 'biasInitializer', biasInitializer ?? 'zeros'),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { kernelSize: kernel, strides, padding, dilationRate: dilations, depthMultiplier } = this.settings;
    const { outputs } = resolveWindow(this.name, { inputs: [h!, w!], kernel, strides, padding, dilations });
    return [...outputs, channels! * depthMultiplier];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const { kernelSize, depthMultiplier, useBias, depthwiseInitializer, biasInitializer } = this.settings;
    const channels = single(this, inputs)[2]!;
    this.addWeight(
      'kernel',
      [...kernelSize, channels, depthMultiplier],
      depthwiseInitializer,
      rulesOf(this.settings, 'depthwise'),
    );
    if (useBias) this.addWeight('bias', [channels * depthMultiplier], biasInitializer, rulesOf(this.settings, 'bias'));
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
    const { strides, padding, dilationRate: dilations } = this.settings;
    const y = convolve(single(this, inputs), kernel!.tensor, { strides, padding, dilations });
    return bias === undefined ? y : add(y, bias.tensor);
  }
}

/**
 * A depthwise convolution, [h, w, channels] to [h', w', channels * depthMultiplier]: `depthwiseConv2d({ kernelSize: 3 })`. Throws
 * ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export const depthwiseConv2d = layerMaker(DepthwiseConv2d);

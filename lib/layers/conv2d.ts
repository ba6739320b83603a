/** conv2d: convolution of pictures [h, w, channels] with learned filters. */
import { ArgumentError, flagOption, integerOption, ShapeError, show } from '../errors/index.js';
import {
  conv2d as convolve,
  type FusedActivation,
  isFusedActivation,
  type NormActivation,
  type Padding,
  type Pair,
  pairOf,
  resolveWindow,
} from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activationOption, withActivation } from './activations.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { type ActivityOptions, activityOption, type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { type Checked, layerSpec } from './spec.js';

/** What `conv2d` takes. */
export interface Conv2dOptions extends LayerOptions, ActivityOptions, RuleOptions<'kernel' | 'bias'> {
  /** Number of output channels. */
  filters: number;
  /** Rows and columns of a filter. */
  kernelSize: Pair;
  /** Default 1. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
  /** Default 1. */
  dilationRate?: Pair;
  /** Blocks of channels that do not see each other. Default 1. */
  groups?: number;
  /** Default 'linear'. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default 'glorotUniform'. */
  kernelInitializer?: InitializerOption;
  /** Default 'zeros'. */
  biasInitializer?: InitializerOption;
}

const who = 'conv2d';

class Conv2d extends Layer {
  readonly kind = 'conv2d';
  readonly kerasName = 'Conv2D';
  static readonly spec = layerSpec(
    'Conv2D',
    [
      ...['filters', 'kernelSize', 'strides', 'padding', 'dilationRate', 'groups'],
      ...['activation', 'useBias', 'kernelInitializer', 'biasInitializer'],
      ...ruleNames('kernel', 'bias'),
      'activityRegularizer',
    ],
    { fixed: { data_format: 'channels_last' } },
  );
  protected override readonly settings: Checked<Conv2dOptions>;

  constructor(options: Conv2dOptions) {
    super(who, options, Conv2d.spec);
    const { activation, useBias, kernelInitializer, biasInitializer } = options;
    this.settings = {
      ...rulesOption(who, options, 'kernel', 'bias'),
      ...activityOption(who, options),
      filters: integerOption(who, 'filters', options.filters, 1),
      kernelSize: pairOf(who, 'kernelSize', options.kernelSize),
      strides: pairOf(who, 'strides', options.strides ?? 1),
      padding: options.padding ?? 'valid',
      dilationRate: pairOf(who, 'dilationRate', options.dilationRate ?? 1),
      groups: integerOption(who, 'groups', options.groups ?? 1, 1),
      activation: activationOption(who, activation ?? 'linear'),
      useBias: flagOption(who, 'useBias', useBias ?? true),
      kernelInitializer: initializerOption(who, 'kernelInitializer', kernelInitializer ?? 'glorotUniform'),
      biasInitializer: initializerOption(who, 'biasInitializer', biasInitializer ?? 'zeros'),
    };
    const { filters, groups } = this.settings;
    if (filters % groups !== 0) {
      throw new ArgumentError({ who, expected: `filters to be a multiple of groups (${groups})`, got: show(filters) });
    }
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { filters, kernelSize, strides, padding, dilationRate: dilations, groups } = this.settings;
    if (channels! % groups !== 0) {
      const expected = `input with a multiple of ${groups} channels (groups)`;
      throw new ShapeError({ who: this.name, expected, got: show([h, w, channels]) });
    }
    const window = { inputs: [h!, w!], kernel: kernelSize, strides, padding, dilations } as const;
    return [...resolveWindow(this.name, window).outputs, filters];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const { filters, kernelSize, groups, useBias, kernelInitializer, biasInitializer } = this.settings;
    const channels = single(this, inputs)[2]! / groups;
    this.addWeight('kernel', [...kernelSize, channels, filters], kernelInitializer, rulesOf(this.settings, 'kernel'));
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
    const [kernel, bias] = this.weights;
    const { strides, padding, dilationRate: dilations, groups } = this.settings;
    const options = { strides, padding, dilations, groups, bias: bias?.tensor ?? null, activation };
    return convolve(single(this, inputs), kernel!.tensor, options);
  }
}

/**
 * A convolution, [h, w, channels] to [h', w', filters]: `conv2d({ filters: 32, kernelSize: 3, activation: 'relu' })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export const conv2d = layerMaker(Conv2d);

/** separable_conv2d: every channel convolved by itself, then all channels mixed at each place. */
import { flagOption, integerOption } from '../errors/index.js';
import {
  type FusedActivation,
  type Padding,
  type Pair,
  pairOf,
  resolveWindow,
  separableConv2d as separable,
} from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activationOption, withActivation } from './activations.js';
import { type Initializer, type InitializerOption, initializerOption } from './initializers.js';
import { Layer, type LayerOptions, single, singleOfRank } from './layer.js';

export interface SeparableConv2dOptions extends LayerOptions {
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
  readonly #filters: number;
  readonly #kernelSize: readonly [number, number];
  readonly #window: { strides: Pair; padding: Padding; dilations: Pair };
  readonly #multiplier: number;
  readonly #activation: ActivationName;
  readonly #useBias: boolean;
  readonly #depthwise: Initializer;
  readonly #pointwise: Initializer;
  readonly #bias: Initializer;

  constructor(options: SeparableConv2dOptions) {
    super(who, options, [
      ...['filters', 'kernelSize', 'strides', 'padding', 'dilationRate', 'depthMultiplier', 'activation', 'useBias'],
      ...['depthwiseInitializer', 'pointwiseInitializer', 'biasInitializer'],
    ]);
    this.#filters = integerOption(who, 'filters', options.filters, 1);
    this.#kernelSize = pairOf(who, 'kernelSize', options.kernelSize);
    this.#window = {
      strides: pairOf(who, 'strides', options.strides ?? 1),
      padding: options.padding ?? 'valid',
      dilations: pairOf(who, 'dilationRate', options.dilationRate ?? 1),
    };
    this.#multiplier = integerOption(who, 'depthMultiplier', options.depthMultiplier ?? 1, 1);
    this.#activation = activationOption(who, options.activation ?? 'linear');
    this.#useBias = flagOption(who, 'useBias', options.useBias ?? true);
    const initializer = (
      name: 'depthwiseInitializer' | 'pointwiseInitializer' | 'biasInitializer',
      otherwise: InitializerOption,
    ) => initializerOption(who, name, options[name] ?? otherwise);
    this.#depthwise = initializer('depthwiseInitializer', 'glorotUniform');
    this.#pointwise = initializer('pointwiseInitializer', 'glorotUniform');
    this.#bias = initializer('biasInitializer', 'zeros');
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { outputs } = resolveWindow(this.name, { inputs: [h!, w!], kernel: this.#kernelSize, ...this.#window });
    return [...outputs, this.#filters];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const channels = single(this, inputs)[2]!;
    this.addWeight('depthwise_kernel', [...this.#kernelSize, channels, this.#multiplier], this.#depthwise);
    this.addWeight('pointwise_kernel', [1, 1, channels * this.#multiplier, this.#filters], this.#pointwise);
    if (this.#useBias) this.addWeight('bias', [this.#filters], this.#bias);
  }

  override get lastActivation(): ActivationName {
    return this.#activation;
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return withActivation(this.#activation, (fused) => this.#convolve(inputs, fused));
  }

  override callLogits(inputs: readonly Tensor[]): Tensor {
    return this.#convolve(inputs, 'linear');
  }

  #convolve(inputs: readonly Tensor[], activation: FusedActivation): Tensor {
    const [depthwise, pointwise, bias] = this.weights;
    const options = { ...this.#window, bias: bias?.tensor ?? null, activation };
    return separable(single(this, inputs), depthwise!.tensor, pointwise!.tensor, options);
  }
}

/**
 * A depthwise separable convolution, [h, w, channels] to [h', w', filters]:
 * `separableConv2d({ filters: 64, kernelSize: 3, padding: 'same', useBias: false })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export function separableConv2d(options: SeparableConv2dOptions): Layer {
  return new SeparableConv2d(options);
}

/** conv2d: convolution of pictures [h, w, channels] with learned filters. */
import { ArgumentError, flagOption, integerOption, ShapeError, show } from '../errors/index.js';
import {
  conv2d as convolve,
  type FusedActivation,
  type Padding,
  type Pair,
  pairOf,
  resolveWindow,
} from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type ActivationName, activationOption, withActivation } from './activations.js';
import { type Initializer, type InitializerOption, initializerOption } from './initializers.js';
import { Layer, type LayerOptions, single, singleOfRank } from './layer.js';

export interface Conv2dOptions extends LayerOptions {
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
  readonly #filters: number;
  readonly #kernelSize: readonly [number, number];
  readonly #window: { strides: Pair; padding: Padding; dilations: Pair };
  readonly #groups: number;
  readonly #activation: ActivationName;
  readonly #useBias: boolean;
  readonly #kernelInitializer: Initializer;
  readonly #biasInitializer: Initializer;

  constructor(options: Conv2dOptions) {
    const { filters, kernelSize, strides, padding, dilationRate, groups, ...rest } = options;
    const { activation, useBias, kernelInitializer, biasInitializer, ...common } = rest;
    super(who, common, [
      ...['filters', 'kernelSize', 'strides', 'padding', 'dilationRate', 'groups'],
      ...['activation', 'useBias', 'kernelInitializer', 'biasInitializer'],
    ]);
    this.#filters = integerOption(who, 'filters', filters, 1);
    this.#kernelSize = pairOf(who, 'kernelSize', kernelSize);
    this.#window = {
      strides: pairOf(who, 'strides', strides ?? 1),
      padding: padding ?? 'valid',
      dilations: pairOf(who, 'dilationRate', dilationRate ?? 1),
    };
    this.#groups = integerOption(who, 'groups', groups ?? 1, 1);
    if (this.#filters % this.#groups !== 0) {
      const expected = `filters to be a multiple of groups (${this.#groups})`;
      throw new ArgumentError({ who, expected, got: show(this.#filters) });
    }
    this.#activation = activationOption(who, activation ?? 'linear');
    this.#useBias = flagOption(who, 'useBias', useBias ?? true);
    this.#kernelInitializer = initializerOption(who, 'kernelInitializer', kernelInitializer ?? 'glorotUniform');
    this.#biasInitializer = initializerOption(who, 'biasInitializer', biasInitializer ?? 'zeros');
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    if (channels! % this.#groups !== 0) {
      const expected = `input with a multiple of ${this.#groups} channels (groups)`;
      throw new ShapeError({ who: this.name, expected, got: show([h, w, channels]) });
    }
    const { outputs } = resolveWindow(this.name, { inputs: [h!, w!], kernel: this.#kernelSize, ...this.#window });
    return [...outputs, this.#filters];
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const channels = single(this, inputs)[2]! / this.#groups;
    this.addWeight('kernel', [...this.#kernelSize, channels, this.#filters], this.#kernelInitializer);
    if (this.#useBias) this.addWeight('bias', [this.#filters], this.#biasInitializer);
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
    const [kernel, bias] = this.weights;
    const options = { ...this.#window, groups: this.#groups, bias: bias?.tensor ?? null, activation };
    return convolve(single(this, inputs), kernel!.tensor, options);
  }
}

/**
 * A convolution, [h, w, channels] to [h', w', filters]: `conv2d({ filters: 32, kernelSize: 3, activation: 'relu' })`.
 * Throws ArgumentError for an unknown or bad option; applied to too small an input, ShapeError.
 */
export function conv2d(options: Conv2dOptions): Layer {
  return new Conv2d(options);
}

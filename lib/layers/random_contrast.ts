/** random_contrast: in training, the distance of each pixel from the mean of its channel is multiplied by a random factor. */
import { ArgumentError, seedOption, show } from '../errors/index.js';
import { add, clip, mean, multiply, subtract } from '../ops/index.js';
import { streams, Words } from '../random/index.js';
import { type Shape, type Tensor, tensor } from '../tensor/index.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { layerSpec } from './spec.js';

/** What `randomContrast` takes. */
export interface RandomContrastOptions extends LayerOptions {
  /** From 0 to 1: factors from 1 - f to 1 + f. A pair: from 1 - low to 1 + high. */
  factor: number | readonly [low: number, high: number];
  /** Where results end. Default [0, 255]. */
  valueRange?: readonly [low: number, high: number];
  /** Default: the run's seed. */
  seed?: number;
}

type Range = readonly [number, number];
const who = 'randomContrast';

function factors(factor: RandomContrastOptions['factor']): Range {
  const pair = typeof factor === 'number' ? [factor, factor] : factor;
  const [low, high] = Array.isArray(pair) && pair.length === 2 ? pair : [];
  const inside = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;
  if (inside(low) && inside(high)) return [1 - low, 1 + high];
  throw new ArgumentError({ who, expected: 'factor to be a number from 0 to 1 or a pair of these', got: show(factor) });
}

function rangeOption(range: unknown): Range {
  const [low, high] = Array.isArray(range) && range.length === 2 ? range : [];
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return [low, high];
  throw new ArgumentError({ who, expected: 'valueRange to be an ascending pair of finite numbers', got: show(range) });
}

class RandomContrast extends Layer {
  readonly kind = 'random_contrast';
  readonly kerasName = 'RandomContrast';
  static readonly spec = layerSpec('RandomContrast', ['factor', 'valueRange', 'seed'], {
    fixed: { data_format: 'channels_last' },
  });
  readonly #factors: Range;
  protected override readonly settings;

  constructor(options: RandomContrastOptions) {
    super(who, options, RandomContrast.spec);
    const { factor, valueRange = [0, 255], seed } = options;
    this.#factors = factors(factor);
    this.settings = {
      factor,
      valueRange: rangeOption(valueRange),
      seed: seed === undefined ? undefined : seedOption(who, 'seed', seed),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return singleOfRank(this, inputs, 3, 'h, w, c');
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(this, inputs);
    if (!context.training) return x;
    const { valueRange, seed } = this.settings;
    const [low, high] = this.#factors;
    const words = new Words(this.sequence(streams.augmentation, seed, context));
    const drawn = Float32Array.from({ length: x.shape[0]! }, () => low + words.uniform() * (high - low));
    const means = mean(x, { axes: [1, 2], keepDims: true });
    const stretched = multiply(subtract(x, means), tensor(x.runtime, drawn, [x.shape[0]!, 1, 1, 1]));
    return clip(add(stretched, means), { low: valueRange[0], high: valueRange[1] });
  }
}

/**
 * Changes the contrast of pictures [h, w, c] in training, about the mean of each channel of each: `randomContrast({ factor: 0.2, seed: 1 })`.
 * Throws ArgumentError for a bad factor or range.
 */
export const randomContrast = layerMaker(RandomContrast);

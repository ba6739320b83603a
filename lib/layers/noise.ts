/** Noise in training: gaussianNoise adds it, gaussianDropout multiplies by it, spatialDropout2d drops whole maps. */
import type { Config } from '../classes/index.js';
import { numberOption, seedOption } from '../errors/index.js';
import { add, dropout, multiply, randomNormal } from '../ops/index.js';
import { type Sequence, streams } from '../random/index.js';
import { ones, type Shape, type Tensor } from '../tensor/index.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { layerSpec } from './spec.js';

interface NoiseOptions extends LayerOptions {
  /** Default: the run's seed. */
  seed?: number;
}

/** What `gaussianDropout` and `spatialDropout2d` take. */
export interface NoiseRateOptions extends NoiseOptions {
  /** In [0, 1): the share that dropout would drop. */
  rate: number;
}

/** What `gaussianNoise` takes. */
export interface GaussianNoiseOptions extends NoiseOptions {
  /** Standard deviation of what is added, at least 0. */
  stddev: number;
}

/** A layer that does nothing but in training, and nothing where its amount is 0. */
abstract class Noise extends Layer {
  protected abstract readonly amount: number;
  protected abstract noisy(x: Tensor, sequence: Sequence): Tensor;
  protected abstract override readonly settings: { readonly seed: number | undefined };

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(this, inputs);
    if (!context.training || this.amount === 0) return x;
    return this.noisy(x, this.sequence(streams.dropout, this.settings.seed, context));
  }
}

const seedOf = (who: string, { seed }: NoiseOptions) =>
  seed === undefined ? undefined : seedOption(who, 'seed', seed);
const rateOption = (who: string, rate: number) => numberOption(who, 'rate', rate, 'in [0, 1)', (x) => x >= 0 && x < 1);

class GaussianNoise extends Noise {
  readonly kind = 'gaussian_noise';
  readonly kerasName = 'GaussianNoise';
  static readonly spec = layerSpec('GaussianNoise', ['stddev', 'seed']);
  protected override readonly settings;
  protected override readonly amount: number;

  constructor(options: GaussianNoiseOptions) {
    super('gaussianNoise', options, GaussianNoise.spec);
    const stddev = numberOption('gaussianNoise', 'stddev', options.stddev, 'a number >= 0', (x) => x >= 0);
    this.settings = { stddev, seed: seedOf('gaussianNoise', options) };
    this.amount = stddev;
  }

  protected override noisy(x: Tensor, sequence: Sequence): Tensor {
    return add(x, randomNormal(x.runtime, x.shape, sequence, { stddev: this.amount }));
  }
}

class GaussianDropout extends Noise {
  readonly kind = 'gaussian_dropout';
  readonly kerasName = 'GaussianDropout';
  static readonly spec = layerSpec('GaussianDropout', ['rate', 'seed']);
  protected override readonly settings;
  protected override readonly amount: number;

  constructor(options: NoiseRateOptions) {
    super('gaussianDropout', options, GaussianDropout.spec);
    const rate = rateOption('gaussianDropout', options.rate);
    this.settings = { rate, seed: seedOf('gaussianDropout', options) };
    this.amount = Math.sqrt(rate / (1 - rate));
  }

  protected override noisy(x: Tensor, sequence: Sequence): Tensor {
    return multiply(x, randomNormal(x.runtime, x.shape, sequence, { mean: 1, stddev: this.amount }));
  }
}

class SpatialDropout2d extends Noise {
  readonly kind = 'spatial_dropout2d';
  readonly kerasName = 'SpatialDropout2D';
  static readonly spec = layerSpec('SpatialDropout2D', ['rate', 'seed'], { fixed: { data_format: 'channels_last' } });
  protected override readonly settings;
  protected override readonly amount: number;

  constructor(options: NoiseRateOptions) {
    super('spatialDropout2d', options, SpatialDropout2d.spec);
    const rate = rateOption('spatialDropout2d', options.rate);
    this.settings = { rate, seed: seedOf('spatialDropout2d', options) };
    this.amount = rate;
  }

  /** Keras's class takes no `trainable`, and could not be made of a config that has one. */
  override getConfig(): Config {
    const { trainable: _, ...config } = super.getConfig();
    return config;
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return singleOfRank(this, inputs, 3, 'h, w, channels');
  }

  protected override noisy(x: Tensor, sequence: Sequence): Tensor {
    const [count, , , channels] = x.shape as [number, number, number, number];
    return multiply(x, dropout(ones(x.runtime, [count, 1, 1, channels]), { rate: this.amount, ...sequence }));
  }
}

/** Adds normal numbers in training: `gaussianNoise({ stddev: 0.1 })`. Throws ArgumentError for a stddev below 0. */
export const gaussianNoise = layerMaker(GaussianNoise);

/**
 * Multiplies in training by normal numbers of mean 1 and standard deviation sqrt(rate / (1 - rate)): `gaussianDropout({ rate: 0.2 })`.
 * Throws ArgumentError for a rate outside [0, 1).
 */
export const gaussianDropout = layerMaker(GaussianDropout);

/**
 * Dropout of whole channels of pictures [h, w, channels]: `spatialDropout2d({ rate: 0.2 })`. Throws ArgumentError for a rate outside
 * [0, 1).
 */
export const spatialDropout2d = layerMaker(SpatialDropout2d);

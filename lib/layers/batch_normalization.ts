/** batch_normalization: every channel to mean 0 and variance 1 over the batch, then a learned scale and shift. */
import { flagOption, numberOption, wordOption } from '../errors/index.js';
import { batchNorm, batchNormMoving, batchNormStatistics } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type Initializer, type InitializerOption, initializerOption } from './initializers.js';
import { type CallContext, Layer, type LayerOptions, single } from './layer.js';

const variances = ['biased', 'unbiased'] as const;
export type MovingVariance = (typeof variances)[number];

export interface BatchNormalizationOptions extends LayerOptions {
  /** How much of the moving statistics stays in each step, from 0 to 1. Default 0.99. */
  momentum?: number;
  /** Added to the variance under the root. Default 0.001. */
  epsilon?: number;
  /**
   * Which variance of a batch of n values a channel the moving variance takes: 'biased', their mean squared distance, as
   * Keras 3; 'unbiased', that times n / (n - 1), as TensorFlow's fused kernel (Keras 2) and PyTorch. Default 'biased'.
   */
  movingVariance?: MovingVariance;
  /** Whether there is a learned shift. Default true. */
  center?: boolean;
  /** Whether there is a learned scale. Default true. */
  scale?: boolean;
  /** Default 'zeros'. */
  betaInitializer?: InitializerOption;
  /** Default 'ones'. */
  gammaInitializer?: InitializerOption;
  /** Default 'zeros'. */
  movingMeanInitializer?: InitializerOption;
  /** Default 'ones'. */
  movingVarianceInitializer?: InitializerOption;
}

const who = 'batch_normalization';
const initializers = [
  'betaInitializer',
  'gammaInitializer',
  'movingMeanInitializer',
  'movingVarianceInitializer',
] as const;
const defaults = ['zeros', 'ones', 'zeros', 'ones'] as const;

class BatchNormalization extends Layer {
  readonly kind = 'batch_normalization';
  readonly kerasName = 'BatchNormalization';
  readonly #momentum: number;
  readonly #epsilon: number;
  readonly #movingVariance: MovingVariance;
  readonly #center: boolean;
  readonly #scale: boolean;
  readonly #initializers: readonly Initializer[];

  constructor(options: BatchNormalizationOptions) {
    super(who, options, ['momentum', 'epsilon', 'movingVariance', 'center', 'scale', ...initializers]);
    const { momentum = 0.99, epsilon = 0.001, center = true, scale = true } = options;
    this.#momentum = numberOption(who, 'momentum', momentum, 'from 0 to 1', (x) => x >= 0 && x <= 1);
    this.#epsilon = numberOption(who, 'epsilon', epsilon, 'a number >= 0', (x) => x >= 0);
    this.#movingVariance = wordOption(who, 'movingVariance', options.movingVariance ?? 'biased', variances);
    this.#center = flagOption(who, 'center', center);
    this.#scale = flagOption(who, 'scale', scale);
    this.#initializers = initializers.map((name, i) => initializerOption(who, name, options[name] ?? defaults[i]!));
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return single(this, inputs);
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const shape = [single(this, inputs).at(-1)!];
    const [beta, gamma, mean, variance] = this.#initializers as [Initializer, Initializer, Initializer, Initializer];
    if (this.#scale) this.addWeight('gamma', shape, gamma);
    if (this.#center) this.addWeight('beta', shape, beta);
    this.addWeight('moving_mean', shape, mean, { trainable: false });
    this.addWeight('moving_variance', shape, variance, { trainable: false });
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    return this.#normalize(single(this, inputs), context, false);
  }

  override callWithRelu(inputs: readonly Tensor[], context: CallContext): Tensor {
    return this.#normalize(single(this, inputs), context, true);
  }

  /** What makes the biased variance of x the one that is kept; the variance of one value is 0 either way. */
  #varianceScale(x: Tensor): number {
    const count = x.size / x.shape.at(-1)!;
    if (this.#movingVariance === 'biased' || count === 1) return 1;
    return Math.fround(count) / Math.fround(count - 1);
  }

  #normalize(x: Tensor, context: CallContext, relu: boolean): Tensor {
    const byName = new Map(this.weights.map((weight) => [weight.name, weight.tensor]));
    const moving = { mean: byName.get('moving_mean')!, variance: byName.get('moving_variance')! };
    const parameters = { gamma: byName.get('gamma') ?? null, beta: byName.get('beta') ?? null };
    // A frozen layer keeps its statistics and uses them in training too, as in Keras.
    const training = context.training && this.trainable;
    if (!training) return batchNorm(x, moving, parameters, { epsilon: this.#epsilon, relu, training });
    const statistics = batchNormStatistics(x);
    batchNormMoving(moving.mean, statistics.mean, this.#momentum);
    batchNormMoving(moving.variance, statistics.variance, this.#momentum, this.#varianceScale(x));
    return batchNorm(x, statistics, parameters, { epsilon: this.#epsilon, relu, training });
  }
}

/**
 * Normalises the last axis over all others: with the batch's statistics in training, with the moving ones otherwise.
 * One value a channel trains as in Keras: it becomes beta. Throws ArgumentError for an unknown or bad option.
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  return new BatchNormalization(options);
}

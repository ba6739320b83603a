/** batch_normalization: every channel to mean 0 and variance 1 over the batch, then a learned scale and shift. */
import { ArgumentError, flagOption, integerOption, numberOption, wordOption } from '../errors/index.js';
import { batchNorm, batchNormMoving, batchNormStatistics, type NormActivation } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import { type CallContext, Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import { type Checked, layerSpec } from './spec.js';

const variances = ['biased', 'unbiased'] as const;
/** Which variance of a batch the moving one takes up. */
export type MovingVariance = (typeof variances)[number];

/** What `batchNormalization` takes. */
export interface BatchNormalizationOptions extends LayerOptions, RuleOptions<'beta' | 'gamma'> {
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
  /** The axis that keeps its statistics apart, the batch being 0: -1, or the number of the last one, as in files of Keras. Default -1. */
  axis?: number;
}

const who = 'batch_normalization';
class BatchNormalization extends Layer {
  readonly kind = 'batch_normalization';
  readonly kerasName = 'BatchNormalization';
  static readonly spec = layerSpec(
    'BatchNormalization',
    [
      ...['momentum', 'epsilon', 'movingVariance', 'center', 'scale'],
      ...['betaInitializer', 'gammaInitializer', 'movingMeanInitializer', 'movingVarianceInitializer'],
      ...ruleNames('beta', 'gamma'),
      'axis',
    ],
    {
      fixed: {
        synchronized: false,
        renorm: false,
        renorm_clipping: null,
        renorm_momentum: 0.99,
      },
      own: { movingVariance: 'biased' },
    },
  );
  protected override readonly settings: Checked<BatchNormalizationOptions>;

  constructor(options: BatchNormalizationOptions = {}) {
    super(who, options, BatchNormalization.spec);
    const { momentum = 0.99, epsilon = 0.001, center = true, scale = true } = options;
    const { betaInitializer: beta = 'zeros', gammaInitializer: gamma = 'ones' } = options;
    const { movingMeanInitializer: mean = 'zeros', movingVarianceInitializer: variance = 'ones' } = options;
    this.settings = {
      ...rulesOption(who, options, 'beta', 'gamma'),
      momentum: numberOption(who, 'momentum', momentum, 'from 0 to 1', (x) => x >= 0 && x <= 1),
      epsilon: numberOption(who, 'epsilon', epsilon, 'a number >= 0', (x) => x >= 0),
      movingVariance: wordOption(who, 'movingVariance', options.movingVariance ?? 'biased', variances),
      center: flagOption(who, 'center', center),
      scale: flagOption(who, 'scale', scale),
      betaInitializer: initializerOption(who, 'betaInitializer', beta),
      gammaInitializer: initializerOption(who, 'gammaInitializer', gamma),
      movingMeanInitializer: initializerOption(who, 'movingMeanInitializer', mean),
      movingVarianceInitializer: initializerOption(who, 'movingVarianceInitializer', variance),
      axis: options.axis === undefined || options.axis === -1 ? -1 : integerOption(who, 'axis', options.axis, 1),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    const { axis } = this.settings;
    if (axis === -1 || axis === shape.length) return shape;
    const expected = `axis to be the last of ${shape.length + 1}, -1 or ${shape.length}`;
    throw new ArgumentError({ who: this.name, expected, got: `${axis}` });
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    const shape = [single(this, inputs).at(-1)!];
    const { scale, center, gammaInitializer, betaInitializer, ...moving } = this.settings;
    if (scale) this.addWeight('gamma', shape, gammaInitializer, rulesOf(this.settings, 'gamma'));
    if (center) this.addWeight('beta', shape, betaInitializer, rulesOf(this.settings, 'beta'));
    this.addWeight('moving_mean', shape, moving.movingMeanInitializer, { trainable: false });
    this.addWeight('moving_variance', shape, moving.movingVarianceInitializer, { trainable: false });
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    return this.callActivated(inputs, context, 'linear');
  }

  override fuses(): boolean {
    return true;
  }

  override callActivated(inputs: readonly Tensor[], context: CallContext, activation: NormActivation): Tensor {
    return this.#normalize(single(this, inputs), context, activation);
  }

  /** What makes the biased variance of x the one that is kept; the variance of one value is 0 either way. */
  #varianceScale(x: Tensor): number {
    const count = x.size / x.shape.at(-1)!;
    if (this.settings.movingVariance === 'biased' || count === 1) return 1;
    return Math.fround(count) / Math.fround(count - 1);
  }

  #normalize(x: Tensor, context: CallContext, activation: NormActivation): Tensor {
    const { momentum, epsilon } = this.settings;
    const byName = new Map(this.weights.map((weight) => [weight.name, weight.tensor]));
    const moving = { mean: byName.get('moving_mean')!, variance: byName.get('moving_variance')! };
    const parameters = { gamma: byName.get('gamma') ?? null, beta: byName.get('beta') ?? null };
    // A frozen layer keeps its statistics and uses them in training too, as in Keras.
    const training = context.training && this.trainable;
    if (!training) return batchNorm(x, moving, parameters, { epsilon, activation, training });
    const statistics = batchNormStatistics(x);
    batchNormMoving(moving.mean, statistics.mean, momentum);
    batchNormMoving(moving.variance, statistics.variance, momentum, this.#varianceScale(x));
    return batchNorm(x, statistics, parameters, { epsilon, activation, training });
  }
}

/**
 * Normalises the last axis over all others: with the batch's statistics in training, with the moving ones otherwise.
 * One value a channel trains as in Keras: it becomes beta. Throws ArgumentError for an unknown or bad option, and applied to an input
 * whose last axis is another one than `axis` says.
 */
export const batchNormalization = layerMaker(BatchNormalization);

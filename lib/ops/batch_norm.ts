/** batch_norm: normalisation per channel over everything else. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { goesBySample, runRow } from './by_sample.js';
import { type NormActivation, recomputedActivation } from './fused.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';

/** Scale and shift per channel, [c] each; null where the layer has none. */
export interface BatchNormParameters {
  gamma: Tensor | null;
  beta: Tensor | null;
}

/** Mean and variance per channel, [c] each. */
export interface BatchNormStatistics {
  mean: Tensor;
  variance: Tensor;
}

/** What `batchNorm` takes. */
export interface BatchNormOptions {
  /** Added to the variance under the root. Default 1e-3. */
  epsilon?: number;
  /** Applied to the result in the same pass; the bits are those of the activation afterwards. Default 'linear'. */
  activation?: NormActivation;
  /** Whether `statistics` were taken from x itself, so that the gradient flows through them too. */
  training: boolean;
}

const who = 'batch_norm';

/**
 * Mean and biased variance of each channel of x [n, ..., c] over all its other axes; that of one value is 0. Throws
 * DtypeError unless x is float32, ShapeError when there are no values to take statistics of.
 */
export function batchNormStatistics(x: Tensor): BatchNormStatistics {
  expectDtype(who, 'x', x);
  const channels = x.shape.at(-1) ?? 0;
  if (x.rank < 2 || x.size === 0) {
    throw new ShapeError({
      who,
      expected: 'x [n, ..., c] with at least one value per channel',
      got: show([...x.shape]),
    });
  }
  const statistics = { mean: output(x, [channels]), variance: output(x, [channels]) };
  const tensors = [x, statistics.mean, statistics.variance];
  runRow(x, x.shape, [{ kernel: 'batch_norm.statistics', tensors, settings: {} }]);
  return statistics;
}

/**
 * Moves a moving statistic towards a value times `scale`, by default 1, in place:
 * `moving * momentum + (value * scale) * (1 - momentum)`, momentum in [0, 1].
 */
export function batchNormMoving(moving: Tensor, value: Tensor, momentum: number, scale = 1): void {
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new ArgumentError({ who, expected: 'momentum from 0 to 1', got: show(momentum) });
  }
  expectSameShape(who, 'moving', moving, value.shape);
  run('batch_norm.moving', [value, moving], { momentum, scale });
}

/**
 * `gamma * (x - mean) / sqrt(variance + epsilon) + beta` per channel of x [n, ..., c]. Gradients flow to x, gamma and beta;
 * with `training` also through the statistics. Throws DtypeError unless all are float32, ShapeError unless parameters and
 * statistics are [c], ArgumentError for a negative epsilon or a bad activation.
 */
export function batchNorm(
  x: Tensor,
  statistics: BatchNormStatistics,
  parameters: BatchNormParameters,
  options: BatchNormOptions,
): Tensor {
  expectDtype(who, 'x', x);
  checkOptions(who, options, ['epsilon', 'activation', 'training']);
  const { epsilon = 1e-3, activation = 'linear', training } = options;
  if (!(epsilon >= 0)) throw new ArgumentError({ who, expected: 'epsilon >= 0', got: show(epsilon) });
  const channels = [x.shape.at(-1) ?? 0];
  for (const [name, tensor] of Object.entries({ ...statistics, ...parameters })) {
    if (tensor === null) continue;
    expectDtype(who, name, tensor);
    expectSameShape(who, name, tensor, channels);
  }
  const { mean, variance } = statistics;
  const { gamma, beta } = parameters;
  const settings = { epsilon, ...recomputedActivation(who, activation), training: training ? 1 : 0 };
  const y = output(x);
  const inputs = [x, mean, variance, gamma, beta];
  const forward = { kernel: 'batch_norm.forward', tensors: [...inputs, y], settings };
  runRow(x, x.shape, [forward]);
  const backward: Backward = (dy, [wantX], { mayOverwrite, take }) => {
    const dgamma = output(x, channels);
    const dbeta = output(x, channels);
    const parameters = [...inputs, dy, dgamma, dbeta];
    runRow(x, x.shape, [{ kernel: 'batch_norm.parameterGradient', tensors: parameters, settings }]);
    // A fused row keeps all its tensors until it has run. Written over dy, the gradient takes no memory of its own meanwhile.
    const over = mayOverwrite && goesBySample(x.runtime, x.shape);
    const dx = wantX ? (over ? dy : output(x)) : null;
    if (dx !== null) {
      // Where another path has brought a gradient of x already, the kernel adds it in the same pass.
      const addend = take(0);
      const tensors = [...parameters, addend, dx];
      runRow(x, x.shape, [{ kernel: 'batch_norm.inputGradient', tensors, settings }]);
      addend?.dispose();
    }
    return [dx, null, null, dgamma, dbeta];
  };
  return record({ name: who, inputs, output: y, reads: inputs, recompute: forward, backward });
}

/** The float64 judge of batch_norm: textbook statistics of each channel, then the formula. */
import type { NormActivation } from '../../lib/index.js';
import type { Values } from '../cases/case.js';
import { fusedOf } from '../support/fused.js';

export interface BatchNormSettings {
  epsilon: number;
  activation: NormActivation;
  /** Whether x is added to the result, so that its gradient comes from two places. */
  residual?: boolean;
}

function statistics({ data, shape }: Values, channel: number): { mean: number; variance: number } {
  const channels = shape.at(-1)!;
  const count = data.length / channels;
  let sum = 0;
  for (let at = channel; at < data.length; at += channels) sum += data[at]!;
  const mean = sum / count;
  let squares = 0;
  for (let at = channel; at < data.length; at += channels) squares += (data[at]! - mean) ** 2;
  return { mean, variance: squares / count };
}

/** Training: the statistics are those of x, gamma and beta are [c]. */
export function batchNorm(x: Values, gamma: Values, beta: Values, settings: BatchNormSettings): Values {
  const { epsilon, activation, residual } = settings;
  const channels = x.shape.at(-1)!;
  const all = Array.from({ length: channels }, (_, c) => statistics(x, c));
  const data = x.data.map((value, i) => {
    const c = i % channels;
    const normal = (value - all[c]!.mean) / Math.sqrt(all[c]!.variance + epsilon);
    const y = gamma.data[c]! * normal + beta.data[c]!;
    return fusedOf(activation).judge.value(y) + (residual ? value : 0);
  });
  return { shape: x.shape, data };
}

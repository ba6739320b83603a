/** The float64 judge of batch_norm: textbook statistics of each channel, then the formula. */
import type { Values } from '../cases/case.js';

export interface BatchNormSettings {
  epsilon: number;
  relu: boolean;
  /** Whether x is added to the result, so that its gradient comes from two places. */
  residual?: boolean;
}

export function statistics(x: Values, channel: number): { mean: number; variance: number } {
  const channels = x.shape.at(-1)!;
  const values = x.data.filter((_, i) => i % channels === channel);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

/** Training: the statistics are those of x, gamma and beta are [c]. */
export function batchNorm(x: Values, gamma: Values, beta: Values, settings: BatchNormSettings): Values {
  const { epsilon, relu, residual } = settings;
  const channels = x.shape.at(-1)!;
  const all = Array.from({ length: channels }, (_, c) => statistics(x, c));
  const data = x.data.map((value, i) => {
    const c = i % channels;
    const normal = (value - all[c]!.mean) / Math.sqrt(all[c]!.variance + epsilon);
    const y = gamma.data[c]! * normal + beta.data[c]!;
    return (relu ? Math.max(y, 0) : y) + (residual ? value : 0);
  });
  return { shape: x.shape, data };
}

/** What metrics make of the batches of an epoch, beside the mean of the loss. */
import { addToStates, type Metric, type MetricStates, valuesOf } from '../metrics/index.js';
import type { Compiled } from './compile.js';

/** Means by name: `loss`, `accuracy`, and of validation `valLoss`, `valAccuracy`. */
export type Logs = Record<string, number>;

/** Sums over the batches so far. */
export interface Sums {
  /** Losses of the batches, each times the number of its samples. */
  loss: number;
  samples: number;
  /** States of the metrics, by name. */
  metrics: MetricStates;
}

/** No batch yet. */
export const nothing = (): Sums => ({ loss: 0, samples: 0, metrics: {} });

/** What came of one batch. */
export interface JudgedBatch {
  /** Outputs and targets, one sample after the other. */
  prediction: Float32Array;
  target: Float32Array;
  /** Weights of the samples, if they have any. */
  weights: Float32Array | undefined;
  /** Their mean loss. */
  loss: number;
}

type Metrics = Pick<Compiled, 'metrics' | 'weightedMetrics'>;

/** The metrics in the order of the logs. */
export const allMetrics = ({ metrics, weightedMetrics }: Metrics): Metric[] => [...metrics, ...weightedMetrics];

/** The sums with a batch more; `width` is the length of the last axis of an output. */
export function addBatch(compiled: Metrics, sums: Sums, judged: JudgedBatch, samples: number, width: number): Sums {
  const { metrics, weightedMetrics } = compiled;
  const { loss, weights, ...values } = judged;
  const batch = { ...values, samples, width };
  return {
    loss: sums.loss + loss * samples,
    samples: sums.samples + samples,
    metrics: {
      ...addToStates(metrics, sums.metrics, batch),
      ...addToStates(weightedMetrics, sums.metrics, { ...batch, weights }),
    },
  };
}

/** The means of sums. */
export const logsOf = (compiled: Metrics, { loss, samples, metrics }: Sums): Logs => ({
  loss: loss / samples,
  ...valuesOf(allMetrics(compiled), metrics),
});

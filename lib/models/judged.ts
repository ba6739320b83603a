/** What metrics make of the batches of an epoch, beside the mean of the loss. */
import { addToStates, type Metric, type MetricStates, valuesOf } from '../metrics/index.js';
import type { Compiled } from './compile.js';
import { isJoint } from './heads.js';

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
  /** The mean loss of each of several outputs; empty where there is one. */
  losses: readonly number[];
}

type Judging = Pick<Compiled, 'loss' | 'metrics' | 'weightedMetrics'>;

/** The means of the losses of several outputs. */
const meansOf = ({ loss }: Judging): readonly Metric[] => (isJoint(loss) ? loss.means : []);

/** What is measured beside the loss, in the order of the logs: the losses of several outputs, and the metrics. */
export const allMetrics = (compiled: Judging): Metric[] => [
  ...meansOf(compiled),
  ...compiled.metrics,
  ...compiled.weightedMetrics,
];

/** The sums with a batch more; `width` is the length of the last axis of an output. */
export function addBatch(compiled: Judging, sums: Sums, judged: JudgedBatch, samples: number, width: number): Sums {
  const { metrics, weightedMetrics } = compiled;
  const { loss, weights, ...values } = judged;
  const batch = { ...values, samples, width };
  return {
    loss: sums.loss + loss * samples,
    samples: sums.samples + samples,
    metrics: {
      ...addToStates([...meansOf(compiled), ...metrics], sums.metrics, batch),
      ...addToStates(weightedMetrics, sums.metrics, { ...batch, weights }),
    },
  };
}

/** The means of sums. */
export const logsOf = (compiled: Judging, { loss, samples, metrics }: Sums): Logs => ({
  loss: loss / samples,
  ...valuesOf(allMetrics(compiled), metrics),
});

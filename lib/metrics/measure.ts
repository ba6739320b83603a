/** Metrics over batches: their states by name, what these come to, and one batch alone. */
import { ArgumentError, show } from '../errors/index.js';
import type { Metric, MetricBatch, MetricResult } from './metric.js';

/** States by the names of their metrics: plain data. */
export type MetricStates = Readonly<Record<string, unknown>>;

/** The states with a batch more: its own are merged with those of the batches before it. */
export function addToStates(metrics: readonly Metric[], states: MetricStates, batch: MetricBatch): MetricStates {
  const added = metrics.map((metric) => {
    const own = metric.update(metric.start(), batch);
    const before = states[metric.name];
    return [metric.name, before === undefined ? own : metric.merge(before, own)] as const;
  });
  return Object.fromEntries(added);
}

/** What states come to, by name; each place of a list has a name of its own: `recall_0`, `confusionMatrix_0_1`. */
export function valuesOf(metrics: readonly Metric[], states: MetricStates): Record<string, number> {
  const named = (name: string, result: MetricResult): [string, number][] =>
    typeof result === 'number' ? [[name, result]] : result.flatMap((one, i) => named(`${name}_${i}`, one));
  return Object.fromEntries(metrics.flatMap((metric) => named(metric.name, metric.result(states[metric.name]))));
}

/** Outputs and targets to judge. */
export interface Measured {
  /** Outputs, one sample after the other. */
  prediction: ArrayLike<number>;
  /** As many values, or a number of a class for every `classes` outputs. */
  target: ArrayLike<number>;
  /** Length of the last axis of an output. Default 1. */
  classes?: number;
  /** Number of samples. Default: one for every `classes` outputs. */
  samples?: number;
  /** One for each sample. Default 1 each. */
  sampleWeight?: ArrayLike<number>;
}

/**
 * What a metric makes of outputs and targets in memory: `measure(metrics.auc(), { prediction: [0.2, 0.9], target: [0, 1] })`.
 * Throws ArgumentError for lengths that do not fit.
 */
export function measure(metric: Metric, { prediction, target, classes = 1, ...more }: Measured): MetricResult {
  const who = 'measure';
  const { samples = prediction.length / classes, sampleWeight: weights } = more;
  const each = prediction.length / samples;
  if (!Number.isSafeInteger(samples) || samples < 1 || !Number.isSafeInteger(each / classes)) {
    const expected = `prediction to hold whole samples of ${classes} classes`;
    throw new ArgumentError({ who, expected, got: `${prediction.length} values` });
  }
  if (target.length !== prediction.length && target.length * classes !== prediction.length) {
    const expected = `target to have ${prediction.length} values, or one for every ${classes}`;
    throw new ArgumentError({ who, expected, got: show(target.length) });
  }
  if (weights !== undefined && weights.length !== samples) {
    throw new ArgumentError({ who, expected: `${samples} values of sampleWeight`, got: show(weights.length) });
  }
  metric.checkOutput?.(who, { shape: [each / classes, classes], activation: 'linear' });
  const batch = { prediction: Float32Array.from(prediction), target, samples, width: classes, weights };
  return metric.result(metric.update(metric.start(), batch));
}

/** Metrics as users see them: `metrics.auc({ curve: 'PR' })`, `metrics.measure(metrics.recall(), { prediction, target })`. */

export { measure } from './measure.js';
export * from './members.js';
export type { Metric, MetricBatch, MetricOption, MetricOptions, MetricResult } from './metric.js';

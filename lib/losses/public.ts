/** Losses and metrics as users see them: `losses.binaryCrossentropy()`, `losses.categoricalAccuracy()`. */
export type { Loss, LossOption, Metric, MetricOption, OutputForm, Tally } from './loss.js';
export * from './members.js';
export type { MetricOptions } from './metric.js';

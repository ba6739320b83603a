/** Summaries, intervals, tests and effect sizes of lists of numbers; pure functions. */
export { type Anova, anova } from './anova.js';
export {
  type BootstrapOptions,
  bootstrapMean,
  bootstrapMedianRatio,
  type Draw,
  type Interval,
  leastForInterval,
} from './bootstrap.js';
export { cohensD, hedgesG } from './effect_size.js';
export { holm } from './holm.js';
export { type KruskalWallis, kruskalWallis } from './kruskal_wallis.js';
export { type PowerOptions, smallestEffect } from './power.js';
export { type Estimate, studentInterval } from './student_interval.js';
export { populationStandardDeviation, quantile, type Summary, standardDeviation, summarize } from './summary.js';
export { oneSampleTTest, type TTest } from './t_test.js';

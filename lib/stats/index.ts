/** Summaries, intervals, tests and effect sizes of lists of numbers; pure functions. */
export { type Anova, anova } from './anova.js';
export {
  type BootstrapOptions,
  bootstrapMean,
  bootstrapMedianRatio,
  type Draw,
  type Interval,
} from './bootstrap.js';
export { cohensD, hedgesG } from './effect_size.js';
export { type KruskalWallis, kruskalWallis } from './kruskal_wallis.js';
export { populationStandardDeviation, quantile, type Summary, standardDeviation, summarize } from './summary.js';
export { oneSampleTTest, type TTest } from './t_test.js';

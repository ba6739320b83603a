/** Summaries and intervals of lists of numbers; pure functions. */
export {
  type BootstrapOptions,
  bootstrapMean,
  bootstrapMedianRatio,
  type Draw,
  type Interval,
} from './bootstrap.js';
export { quantile, type Summary, summarize } from './summary.js';

/** Distances between outputs and targets, over all values. */
import { type MeanState, meanOfValues } from './mean.js';
import { metricMaker } from './metric.js';

const square = (p: number, t: number) => (p - t) * (p - t);

/** The mean of |p - t|. Example: `meanAbsoluteError()`. Throws ArgumentError for an unknown or bad option. */
export const meanAbsoluteError = metricMaker<MeanState>(
  { className: 'MeanAbsoluteError', word: 'meanAbsoluteError' },
  () => ({ better: 'min', ...meanOfValues((p, t) => Math.abs(p - t)) }),
);

/** The mean of (p - t)^2. Example: `meanSquaredError()`. Throws ArgumentError for an unknown or bad option. */
export const meanSquaredError = metricMaker<MeanState>(
  { className: 'MeanSquaredError', word: 'meanSquaredError' },
  () => ({ better: 'min', ...meanOfValues(square) }),
);

/** The root of meanSquaredError. Example: `rootMeanSquaredError()`. Throws ArgumentError for an unknown or bad option. */
export const rootMeanSquaredError = metricMaker<MeanState>(
  { className: 'RootMeanSquaredError', word: 'rootMeanSquaredError' },
  () => ({ better: 'min', ...meanOfValues(square, Math.sqrt) }),
);

/** Accuracy: the share of right predictions, counted in integers. */
import { metricMaker, metricSpec } from './metric.js';

/**
 * Value by value, as Keras: a prediction above 1/2 is 1, any other 0, and that is the target. A target between never is.
 * Example: `binaryAccuracy()`. Throws ArgumentError for an unknown or bad option.
 */
export const binaryAccuracy = metricMaker(metricSpec('BinaryAccuracy', { threshold: 0.5 }), (prediction, target) => {
  let hits = 0;
  for (let i = 0; i < prediction.length; i++) if ((prediction[i]! > 0.5 ? 1 : 0) === target[i]) hits++;
  return { hits, total: prediction.length };
});

/**
 * Along the last axis, the largest value at the same place as in the target; the lowest index wins a tie.
 * Example: `categoricalAccuracy()`. Throws ArgumentError for an unknown or bad option.
 */
export const categoricalAccuracy = metricMaker(metricSpec('CategoricalAccuracy'), (prediction, target, width) => {
  const total = prediction.length / width;
  let hits = 0;
  for (let i = 0; i < total; i++) {
    if (largest(prediction, i * width, width) === largest(target, i * width, width)) hits++;
  }
  return { hits, total };
});

function largest(values: Float32Array, from: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
}

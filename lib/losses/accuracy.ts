/** Accuracy: the share of right predictions, counted in integers. */
import type { Metric, Tally } from './loss.js';

/** Value by value, on the same side of 1/2 as the target. */
export const binaryAccuracy: Metric = {
  name: 'accuracy',
  tally(prediction, target): Tally {
    let hits = 0;
    for (let i = 0; i < prediction.length; i++) if (prediction[i]! > 0.5 === target[i]! > 0.5) hits++;
    return { hits, total: prediction.length };
  },
};

/** Sample by sample, the largest value at the same place as in the target; the lowest index wins a tie. */
export const categoricalAccuracy: Metric = {
  name: 'accuracy',
  tally(prediction, target, width): Tally {
    const total = prediction.length / width;
    let hits = 0;
    for (let i = 0; i < total; i++) {
      if (largest(prediction, i * width, width) === largest(target, i * width, width)) hits++;
    }
    return { hits, total };
  },
};

function largest(values: Float32Array, from: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
}

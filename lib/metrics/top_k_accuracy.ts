/** Accuracy among the k largest outputs. */
import { integerOption } from '../errors/index.js';
import { ahead, targetClass } from './classes.js';
import { type MeanState, shareOfPositions } from './mean.js';
import { expectClasses, type MetricOptions, metricMaker } from './metric.js';

/** What `topKCategoricalAccuracy` and `sparseTopKCategoricalAccuracy` take. */
export interface TopKOptions extends MetricOptions {
  /** How many of the largest outputs the class may be among. Default 5. */
  k?: number;
}

const ofClasses = (className: string, word: string, unread = {}) =>
  metricMaker<MeanState, TopKOptions>({ className, word, options: ['k'], spec: { unread } }, (who, options) => {
    const k = integerOption(who, 'k', options.k ?? 5, 1);
    return {
      better: 'max',
      settings: { k },
      ...shareOfPositions((sample, i) => {
        const label = targetClass(sample, i);
        const isThere = Number.isFinite(sample.prediction[i * sample.width + label]!);
        return isThere && ahead(sample, i, label, 'share') < k;
      }),
      checkOutput: (asks, output) => expectClasses(asks, `${word} of k ${k}`, output, Math.max(2, k)),
    };
  });

/**
 * Along the last axis, fewer than k outputs larger than that of the target's class: who ties with the k-th is among them, as in
 * Keras. Example: `topKCategoricalAccuracy({ k: 3 })`. Throws ArgumentError for an unknown or bad option.
 */
export const topKCategoricalAccuracy = ofClasses('TopKCategoricalAccuracy', 'topKCategoricalAccuracy');

/**
 * The same where targets are numbers of classes. Example: `sparseTopKCategoricalAccuracy({ k: 3 })`. Throws ArgumentError for an
 * unknown or bad option.
 */
export const sparseTopKCategoricalAccuracy = ofClasses(
  'SparseTopKCategoricalAccuracy',
  'sparseTopKCategoricalAccuracy',
  { from_sorted_ids: false },
);

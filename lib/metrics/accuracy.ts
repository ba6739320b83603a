/** Accuracy: the share of right predictions. */
import { numberOption } from '../errors/index.js';
import { predictedClass, targetClass } from './classes.js';
import { type MeanState, shareOfPositions } from './mean.js';
import { expectClasses, type MetricOptions, metricMaker } from './metric.js';

/** What `binaryAccuracy` takes. */
export interface BinaryAccuracyOptions extends MetricOptions {
  /** A prediction above it is 1, any other 0. Default 0.5. */
  threshold?: number;
}

/**
 * Value by value, as Keras: a prediction above the threshold is 1, any other 0, and that is the target. A target between never
 * is. Example: `binaryAccuracy({ threshold: 0.7 })`. Throws ArgumentError for an unknown or bad option.
 */
export const binaryAccuracy = metricMaker<MeanState, BinaryAccuracyOptions>(
  { className: 'BinaryAccuracy', word: 'binaryAccuracy', options: ['threshold'] },
  (who, options) => {
    const threshold = numberOption(who, 'threshold', options.threshold ?? 0.5, 'in (0, 1)', (x) => x > 0 && x < 1);
    return {
      better: 'max',
      settings: { threshold },
      // Of every value, whatever the last axis is.
      ...shareOfPositions((sample, i) => (sample.prediction[i]! > threshold ? 1 : 0) === sample.target(i), 1),
    };
  },
);

const ofClasses = (className: string, word: string) =>
  metricMaker<MeanState>({ className, word }, () => ({
    better: 'max',
    ...shareOfPositions((sample, i) => predictedClass(sample, i) === targetClass(sample, i)),
    checkOutput: (who, output) => expectClasses(who, word, output),
  }));

/**
 * Along the last axis, the largest value at the same place as in the target; the lowest index wins a tie.
 * Example: `categoricalAccuracy()`. Throws ArgumentError for an unknown or bad option.
 */
export const categoricalAccuracy = ofClasses('CategoricalAccuracy', 'categoricalAccuracy');

/**
 * The same where targets are numbers of classes; a row of a class names it by its largest value.
 * Example: `sparseCategoricalAccuracy()`. Throws ArgumentError for an unknown or bad option.
 */
export const sparseCategoricalAccuracy = ofClasses('SparseCategoricalAccuracy', 'sparseCategoricalAccuracy');

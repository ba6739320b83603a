/** confusionMatrix: how often each class was taken for each. */
import { integerOption } from '../errors/index.js';
import { predictedClass, targetClass } from './classes.js';
import { addTo, doubleOf, type ExactSum, joinEach, noSum } from './exact_sum.js';
import { eachSample } from './mean.js';
import { type MetricOptions, metricMaker, weightOf } from './metric.js';
import { classesOf, expectNumClasses } from './overlap.js';

/** What `confusionMatrix` takes. */
export interface ConfusionMatrixOptions extends MetricOptions {
  /** Number of classes, which is that of the outputs; of one output a position, 2. */
  numClasses?: number;
}

type Rows = readonly (readonly ExactSum[])[];

/**
 * A table with a row for each true class and a column for each predicted one, by the largest output of a position, or of one
 * output by 1/2. In logs each place has a name: `confusionMatrix_0_1` counts class 0 taken for class 1.
 * Example: `confusionMatrix()`. Throws ArgumentError for an unknown or bad option.
 */
export const confusionMatrix = metricMaker<Rows, ConfusionMatrixOptions>(
  { className: 'ConfusionMatrix', word: 'confusionMatrix', options: ['numClasses'], spec: { module: 'samebits' } },
  (who, options) => {
    const numClasses =
      options.numClasses === undefined ? undefined : integerOption(who, 'numClasses', options.numClasses, 2);
    return {
      settings: { numClasses },
      start: () => [],
      update(state, batch) {
        const classes = classesOf(batch.width);
        const places = Array.from({ length: classes }, (_, i) => i);
        const rows = places.map((i) => places.map((k) => state[i]?.[k] ?? noSum));
        eachSample(batch, (sample, i) => {
          const positions = sample.prediction.length / sample.width;
          for (let at = 0; at < positions; at++) {
            const row = rows[targetClass(sample, at)]!;
            const predicted = predictedClass(sample, at);
            row[predicted] = addTo(row[predicted]!, weightOf(batch, i));
          }
        });
        return rows;
      },
      merge: (a, b) => (a.length === 0 ? b : b.length === 0 ? a : a.map((row, i) => joinEach(row, b[i]!))),
      result: (state) => state.map((row) => row.map(doubleOf)),
      checkOutput: (asks, { shape }) => expectNumClasses(asks, 'confusionMatrix', numClasses, shape.at(-1) ?? 1),
    };
  },
);

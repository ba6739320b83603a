/** Precision and recall: how many of the predicted are right, and how many of those that are there are found. */
import { ArgumentError, integerOption, numberOption, show } from '../errors/index.js';
import { ahead, isOfClass } from './classes.js';
import {
  type Average,
  averaged,
  averageOption,
  type ClassCounts,
  type Counts,
  countBatch,
  joinCounts,
  noCounts,
} from './counts.js';
import { share } from './exact_sum.js';
import { type Counted, expectClasses, type MetricOptions, metricMaker } from './metric.js';

/** What `precision` and `recall` take. */
export interface PrecisionOptions extends MetricOptions {
  /** An output above it is a prediction of its class; several give a list. Default 0.5, beside `topK` none. */
  thresholds?: number | readonly number[];
  /** Only the k largest outputs of a position can be predictions; the lowest index wins a tie. Default all. */
  topK?: number;
  /** Only this class is counted. Default all. */
  classId?: number;
  /** How classes become one value; null, or 'none' in words, gives a list. Default 'micro': all values alike, as in Keras. */
  average?: Average;
}

interface Settings {
  thresholds: readonly number[];
  topK: number | undefined;
  classId: number | undefined;
}

function settingsOf(who: string, { thresholds, topK, classId }: PrecisionOptions): Settings {
  const list = thresholds === undefined ? [topK === undefined ? 0.5 : Number.NEGATIVE_INFINITY] : [thresholds].flat();
  if (list.length === 0) throw new ArgumentError({ who, expected: 'thresholds to be numbers', got: show(list) });
  for (const one of thresholds === undefined ? [] : list) {
    numberOption(who, 'thresholds', one, 'in [0, 1]', (x) => x >= 0 && x <= 1);
  }
  return {
    thresholds: list as readonly number[],
    topK: topK === undefined ? undefined : integerOption(who, 'topK', topK, 1),
    classId: classId === undefined ? undefined : integerOption(who, 'classId', classId, 0),
  };
}

/** Counts by threshold; of the one class or of all. */
function counted({ thresholds, topK, classId }: Settings): Omit<Counted<readonly Counts[]>, 'result'> {
  return {
    start: () => thresholds.map(() => noCounts),
    update: (state, batch) =>
      thresholds.map((threshold, i) => {
        const classes = classId === undefined ? batch.width : 1;
        return countBatch(state[i]!, batch, classes, (sample, position, tell) => {
          for (let k = 0; k < classes; k++) {
            const label = classId ?? k;
            const isLarge = sample.prediction[position * sample.width + label]! > threshold;
            const isPredicted = isLarge && (topK === undefined || ahead(sample, position, label, 'lowest') < topK);
            tell(k, isPredicted, isOfClass(sample, position, label));
          }
        });
      }),
    merge: (a, b) => a.map((counts, i) => joinCounts(counts, b[i]!)),
  };
}

const options = ['thresholds', 'topK', 'classId', 'average'];

const maker = (className: string, word: string, ofClass: (counts: ClassCounts) => number) =>
  metricMaker<readonly Counts[], PrecisionOptions>(
    { className, word, options, spec: { own: { average: 'micro' } } },
    (who, given) => {
      const settings = settingsOf(who, given);
      const average = averageOption(who, given.average === undefined ? 'micro' : given.average);
      const { topK, classId, thresholds } = settings;
      return {
        settings: { thresholds: given.thresholds, topK, classId, average: average ?? 'none' },
        better: 'max',
        ...counted(settings),
        result(state) {
          const values = state.map((counts) => averaged(counts, average, ofClass, { absent: 'counted' }));
          return thresholds.length === 1 && !Array.isArray(given.thresholds) ? values[0]! : values;
        },
        checkOutput(asks, output) {
          if (topK !== undefined) expectClasses(asks, `${word} of topK ${topK}`, output, topK);
          if (classId !== undefined) expectClasses(asks, `${word} of classId ${classId}`, output, classId + 1);
        },
      };
    },
  );

/**
 * Right predictions of all predictions; 0 where nothing is predicted. For the class with the largest output, as scikit-learn
 * counts it: `precision({ topK: 1, average: 'macro' })`. Throws ArgumentError for an unknown or bad option.
 */
export const precision = maker('Precision', 'precision', ({ tp, fp }) => share(tp, tp + fp));

/**
 * Found of all that are there; 0 where nothing is there. Options as `precision`: `recall({ classId: 1 })`. Throws ArgumentError
 * for an unknown or bad option.
 */
export const recall = maker('Recall', 'recall', ({ tp, fn }) => share(tp, tp + fn));

/** Overlap of predicted and true places, class by class: intersection over union, and Dice. */
import { ArgumentError, integerOption, show } from '../errors/index.js';
import { predictedClass, targetClass } from './classes.js';
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
import { type Counted, type MetricOptions, metricMaker } from './metric.js';

/** What `meanIoU` and `dice` take. */
export interface OverlapOptions extends MetricOptions {
  /** Number of classes, which is that of the outputs; of one output a position, 2. Keras's files have to name it. */
  numClasses?: number;
  /** Positions whose target is this class are passed over. Default none. */
  ignoreClass?: number;
  /** How classes become one value; null, or 'none' in words, gives a list. Default 'macro', of the classes that occur. */
  average?: Average;
}

/** Classes of outputs with such a last axis. */
export const classesOf = (width: number): number => Math.max(2, width);

/** Throws ArgumentError where a number of classes is not that of the outputs. */
export function expectNumClasses(who: string, word: string, numClasses: number | undefined, width: number): void {
  const classes = classesOf(width);
  if (numClasses === undefined || numClasses === classes) return;
  throw new ArgumentError({
    who,
    expected: `numClasses of ${word} to be ${classes}, as the outputs have`,
    got: show(numClasses),
  });
}

function counted(
  word: string,
  who: string,
  options: OverlapOptions,
  ofClass: (one: ClassCounts) => number,
): Counted<Counts> {
  const numClasses =
    options.numClasses === undefined ? undefined : integerOption(who, 'numClasses', options.numClasses, 2);
  const ignoreClass =
    options.ignoreClass === undefined ? undefined : integerOption(who, 'ignoreClass', options.ignoreClass, 0);
  const average = averageOption(who, options.average === undefined ? 'macro' : options.average);
  return {
    better: 'max',
    settings: { numClasses, ignoreClass, average: average ?? 'none' },
    start: () => noCounts,
    update: (state, batch) =>
      countBatch(state, batch, classesOf(batch.width), (sample, position, tell) => {
        const [predicted, there] = [predictedClass(sample, position), targetClass(sample, position)];
        if (there === ignoreClass) return;
        tell(predicted, true, predicted === there);
        if (predicted !== there) tell(there, false, true);
      }),
    merge: joinCounts,
    result: (state) => averaged(state, average, ofClass),
    checkOutput: (asks, { shape }) => expectNumClasses(asks, word, numClasses, shape.at(-1) ?? 1),
  };
}

const options = ['numClasses', 'ignoreClass', 'average'];

/**
 * Intersection over union of the places at which a class is predicted and at which it is, by the largest output of a position, or
 * of one output by 1/2. By default the mean of the classes that occur. Example: `meanIoU({ numClasses: 3, average: null })`.
 * Throws ArgumentError for an unknown or bad option.
 */
export const meanIoU = metricMaker<Counts, OverlapOptions>(
  {
    ...{ className: 'MeanIoU', word: 'meanIoU', options, kerasName: 'mean_io_u' },
    spec: {
      fixed: { sparse_y_pred: false, axis: -1 },
      unread: { sparse_y_true: false },
      own: { average: 'macro' },
    },
  },
  (who, given) => counted('meanIoU', who, given, ({ tp, fp, fn }) => share(tp, tp + fp + fn)),
);

/**
 * The Dice coefficient of the same places, 2 tp / (2 tp + fp + fn). Example: `dice({ average: 'weighted' })`. Throws
 * ArgumentError for an unknown or bad option.
 */
export const dice = metricMaker<Counts, OverlapOptions>(
  { className: 'Dice', word: 'dice', options, spec: { module: 'samebits' } },
  (who, given) => counted('dice', who, given, ({ tp, fp, fn }) => share(2 * tp, 2 * tp + fp + fn)),
);

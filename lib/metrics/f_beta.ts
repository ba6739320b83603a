/** F scores: precision and recall in one number (van Rijsbergen 1979). */
import { ArgumentError, numberOption } from '../errors/index.js';
import { isOfClass, predictedClass } from './classes.js';
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

/** What `f1Score` takes. */
export interface F1ScoreOptions extends MetricOptions {
  /** How classes become one value; null, or 'none' in words, gives a list. Default null, as in Keras. */
  average?: Average;
  /** An output above it is a prediction of its class, in (0, 1]. Default: the largest output of a position is its prediction. */
  threshold?: number;
}

/** What `fBetaScore` takes. */
export interface FBetaScoreOptions extends F1ScoreOptions {
  /** How many times as much recall counts as precision, above 0. Default 1. */
  beta?: number;
}

function counted(word: string, who: string, options: F1ScoreOptions, beta: number): Counted<Counts> {
  const average = averageOption(who, options.average ?? null);
  const threshold =
    options.threshold === undefined
      ? undefined
      : numberOption(who, 'threshold', options.threshold, 'in (0, 1]', (x) => x > 0 && x <= 1);
  const squared = beta * beta;
  const ofClass = ({ tp, fp, fn }: ClassCounts) => share((1 + squared) * tp, (1 + squared) * tp + squared * fn + fp);
  return {
    better: 'max',
    settings: { average, threshold },
    start: () => noCounts,
    update: (state, batch) =>
      countBatch(state, batch, batch.width, (sample, position, tell) => {
        const first = threshold === undefined ? predictedClass(sample, position) : -1;
        for (let k = 0; k < sample.width; k++) {
          const isPredicted =
            threshold === undefined ? k === first : sample.prediction[position * sample.width + k]! > threshold;
          tell(k, isPredicted, isOfClass(sample, position, k));
        }
      }),
    merge: joinCounts,
    result: (state) => averaged(state, average, ofClass, { absent: 'counted' }),
    checkOutput(asks, { shape }) {
      if (threshold !== undefined || (shape.at(-1) ?? 1) > 1) return;
      const hint = 'of one output a position, a threshold says which are predictions';
      throw new ArgumentError({ who: asks, expected: `${word} to have a threshold`, got: 'none', hint });
    },
  };
}

/**
 * (1 + beta^2) p r / (beta^2 p + r), from counts as (1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp): 0 where a class is
 * neither there nor predicted. Example: `fBetaScore({ beta: 2, average: 'macro' })`. Throws ArgumentError for an unknown or bad
 * option.
 */
export const fBetaScore = metricMaker<Counts, FBetaScoreOptions>(
  { className: 'FBetaScore', word: 'fBetaScore', options: ['average', 'beta', 'threshold'], kerasName: 'fbeta_score' },
  (who, options) => {
    const beta = numberOption(who, 'beta', options.beta ?? 1, 'a number > 0', (x) => x > 0);
    const { settings, ...others } = counted('fBetaScore', who, options, beta);
    return { settings: { ...settings, beta }, ...others };
  },
);

/** fBetaScore with beta 1. Example: `f1Score({ average: 'macro' })`. Throws ArgumentError for an unknown or bad option. */
export const f1Score = metricMaker<Counts, F1ScoreOptions>(
  { className: 'F1Score', word: 'f1Score', options: ['average', 'threshold'], kerasName: 'f1_score' },
  (who, options) => counted('f1Score', who, options, 1),
);

/** auc: the area under the ROC or the PR curve. */
import { isClassConfig } from '../classes/index.js';
import { ArgumentError, flagOption, numberOption, show, wordOption } from '../errors/index.js';
import { isOfClass } from './classes.js';
import { areaUnder, curves, type Scored, type SummationMethod } from './curve.js';
import { eachSample } from './mean.js';
import { type MetricBatch, type MetricOptions, metricMaker, weightOf } from './metric.js';

/** What `auc` takes. */
export interface AucOptions extends MetricOptions {
  /** Default 'ROC'. */
  curve?: 'ROC' | 'PR';
  /** How the curve runs between two scores. Default 'interpolation'. */
  summationMethod?: SummationMethod;
  /** Whether each class has a curve of its own, of which the mean is taken; otherwise all values are alike. Default false. */
  multiLabel?: boolean;
  /** Weights of the classes: in that mean, or of their values where they are alike. Default 1 each. */
  labelWeights?: readonly number[];
  /** With multiLabel, 'macro' for the mean of classes, or null ('none' in words) for a list of them. Default 'macro'. */
  average?: 'macro' | null;
}

/** The scores of a batch, as they came: a class's values lie `width` apart. */
interface Part {
  readonly width: number;
  readonly scores: readonly number[];
  readonly isThere: readonly boolean[];
  /** One a score. */
  readonly weights: readonly number[];
}

function partOf(batch: MetricBatch): Part {
  const isThere: boolean[] = [];
  const weights: number[] = [];
  eachSample(batch, (sample, i) => {
    for (let at = 0; at < sample.prediction.length; at++) {
      const [position, label] = [Math.floor(at / sample.width), at % sample.width];
      isThere.push(isOfClass(sample, position, label));
      weights.push(weightOf(batch, i));
    }
  });
  return { width: batch.width, scores: Array.from(batch.prediction), isThere, weights };
}

/** The scores of one class, or of all. */
function scoredOf(parts: readonly Part[], label?: number, labelWeights?: readonly number[]): Scored {
  const scored: Scored = { scores: [], isThere: [], weights: [] };
  for (const { width, scores, isThere, weights } of parts) {
    for (let at = label ?? 0; at < scores.length; at += label === undefined ? 1 : width) {
      scored.scores.push(scores[at]!);
      scored.isThere.push(isThere[at]!);
      scored.weights.push(weights[at]! * (label === undefined ? (labelWeights?.[at % width] ?? 1) : 1));
    }
  }
  return scored;
}

function weightsOption(who: string, value: unknown): readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) {
    throw new ArgumentError({ who, expected: 'labelWeights to be a list of numbers', got: show(value) });
  }
  return value.map((one) => numberOption(who, 'labelWeights', one, 'numbers >= 0', (x) => x >= 0));
}

function mean(areas: readonly number[], weights: readonly number[] = areas.map(() => 1)): number {
  const all = weights.reduce((sum, one) => sum + one, 0);
  return all === 0 ? 0 : areas.reduce((sum, area, k) => sum + area * weights[k]!, 0) / all;
}

/**
 * The area under a curve, exact by ranks, where Keras has 200 thresholds: each score is one, equal scores are one step. Of 'ROC' it
 * is how often a score of the class is larger than one of the others, ties half; of 'PR' precision runs between two thresholds as
 * Keras interpolates it. The state holds all scores. Keras's `from_logits` and `num_thresholds` mean nothing here and are passed over.
 * Example: `auc({ curve: 'PR' })`. Throws ArgumentError for an unknown or bad option.
 */
export const auc = metricMaker<readonly Part[], AucOptions>(
  {
    ...{ className: 'AUC', word: 'auc', kerasName: 'auc' },
    options: ['curve', 'summationMethod', 'multiLabel', 'labelWeights', 'average'],
    spec: {
      fixed: { thresholds: null },
      unread: { num_thresholds: 200, num_labels: null, from_logits: false },
      own: { average: 'macro' },
      // Keras keeps them as a tensor.
      read: { labelWeights: (told) => (isClassConfig(told) ? told.config['value'] : told) },
    },
  },
  (who, options) => {
    const curve = wordOption(who, 'curve', options.curve ?? 'ROC', Object.keys(curves) as (keyof typeof curves)[]);
    const methods = ['interpolation', 'minoring', 'majoring'] as const;
    const method = wordOption(who, 'summationMethod', options.summationMethod ?? 'interpolation', methods);
    const multiLabel = flagOption(who, 'multiLabel', options.multiLabel ?? false);
    const labelWeights = weightsOption(who, options.labelWeights);
    const words = ['macro', 'none'] as const;
    const average = wordOption(
      who,
      'average',
      options.average === undefined ? 'macro' : (options.average ?? 'none'),
      words,
    );
    if (average === 'none' && !multiLabel) {
      throw new ArgumentError({ who, expected: 'multiLabel to be true beside an average of null', got: 'false' });
    }
    return {
      better: 'max',
      settings: { curve, summationMethod: method, multiLabel, labelWeights, average },
      start: () => [],
      update: (parts, batch) => [...parts, partOf(batch)],
      merge: (a, b) => [...a, ...b],
      result(parts) {
        if (!multiLabel) return areaUnder(scoredOf(parts, undefined, labelWeights), curve, method);
        const classes = Array.from({ length: parts[0]?.width ?? 0 }, (_, label) => label);
        const areas = classes.map((label) => areaUnder(scoredOf(parts, label), curve, method));
        return average === 'none' ? areas : mean(areas, labelWeights);
      },
      checkOutput(asks, { shape }) {
        const width = shape.at(-1) ?? 1;
        if (labelWeights === undefined || labelWeights.length === width) return;
        const expected = `${width} labelWeights of auc, one for each class`;
        throw new ArgumentError({ who: asks, expected, got: show(labelWeights.length) });
      },
    };
  },
);

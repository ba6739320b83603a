/** Losses and metrics, and their names. */
import { ArgumentError, show, wordOption } from '../errors/index.js';
import { binaryAccuracy, categoricalAccuracy } from './accuracy.js';
import { binaryCrossentropy } from './binary_crossentropy.js';
import { categoricalCrossentropy } from './categorical_crossentropy.js';
import type { Loss, Metric } from './loss.js';

export { binaryAccuracy, categoricalAccuracy } from './accuracy.js';
export { type BinaryCrossentropyOptions, binaryCrossentropy } from './binary_crossentropy.js';
export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical_crossentropy.js';
export type { Loss, Metric, OutputForm, Tally } from './loss.js';

const losses = { binaryCrossentropy, categoricalCrossentropy };

/** A loss, or the name of one with its defaults. */
export type LossOption = keyof typeof losses | Loss;

/** The loss an option means. Throws ArgumentError for an unknown name. */
export function lossOption(who: string, value: LossOption): Loss {
  if (typeof value === 'object' && typeof value?.compute === 'function') return value;
  return losses[
    wordOption(who, 'loss', value as keyof typeof losses, Object.keys(losses) as (keyof typeof losses)[])
  ]();
}

/** A metric, or `accuracy`, as Keras: binary where the last axis of an output is 1, categorical over that axis otherwise. */
export type MetricOption = 'accuracy' | Metric;

/** The metric an option means for outputs whose last axis has this length. Throws ArgumentError for an unknown name. */
export function metricOption(who: string, value: MetricOption, width: number): Metric {
  if (value === 'accuracy') return width === 1 ? binaryAccuracy : categoricalAccuracy;
  if (typeof value === 'object' && typeof value?.tally === 'function') return value;
  throw new ArgumentError({ who, expected: "metrics to be 'accuracy' or metrics", got: show(value) });
}

/** A network, and how it learns, as plain data in Keras 3's form, and back. */
import type { ClassConfig, Meant, Registry } from '../classes/index.js';
import { type Loss, lossOption } from '../losses/index.js';
import { type Metric, metricOption } from '../metrics/index.js';
import type { Model } from '../models/index.js';
import { type Optimizer, optimizerOption } from '../optimizers/index.js';

export {
  type ClassConfig,
  type Config,
  type Configurable,
  type Json,
  type OwnClass,
  parseWords,
  type Registry,
  registry,
  type Words,
  wordsOf,
} from '../classes/index.js';
export { lossConfig } from '../losses/index.js';
export { metricConfig } from '../metrics/index.js';
export { optimizerConfig } from '../optimizers/index.js';
export { scheduleConfig, scheduleFrom } from '../schedules/index.js';
export { readModelConfig } from './file.js';
export { modelFromConfig, type ReadOptions } from './read.js';

/**
 * The network as plain data, as Keras 3's `model.to_json()` has it. Throws ArgumentError for a layer of the user's own whose
 * class has no way back, by its name.
 */
export const modelConfig = (model: Model): ClassConfig => model.toJSON();

/** Who reads, for messages, and classes of the user's own. */
export interface FromOptions {
  who?: string;
  custom?: Registry;
}

/** An optimizer from words, a config, or one itself. Throws ArgumentError for an unknown name, DataError for a bad config. */
export const optimizerFrom = (
  value: Meant<Optimizer>,
  { who = 'optimizerFrom', custom }: FromOptions = {},
): Optimizer => optimizerOption(who, value, custom);

/** A loss from words, a config, or one itself; throws as optimizerFrom. */
export const lossFrom = (value: Meant<Loss>, { who = 'lossFrom', custom }: FromOptions = {}): Loss =>
  lossOption(who, value, custom);

/** A metric for outputs whose last axis has length `width` from words, a config, or one itself; throws as optimizerFrom. */
export const metricFrom = (
  value: Meant<Metric>,
  width: number,
  { who = 'metricFrom', custom }: FromOptions = {},
): Metric => metricOption(who, value, width, custom);

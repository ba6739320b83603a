/** How a network learns, between Keras's compile_config and `compile`. */
import { type ClassConfig, classConfig, isClassConfig, isTable, type Json, type Registry } from '../classes/index.js';
import { ArgumentError, DataError, SamebitsError, show } from '../errors/index.js';
import { lossOption } from '../losses/index.js';
import { metricOption } from '../metrics/index.js';
import type { Learning, Model } from '../models/index.js';
import { optimizerOption } from '../optimizers/index.js';

/** Short words of Keras whose long ones are not those of a class here. */
const short: Readonly<Record<string, string>> = {
  ...{ bce: 'binaryCrossentropy', kld: 'klDivergence', mae: 'meanAbsoluteError', mse: 'meanSquaredError' },
  ...{ acc: 'accuracy', huber_loss: 'huber', auc: 'auc' },
};

/** A word of Keras (`binary_crossentropy`, `BinaryCrossentropy`, `AUC`) as a word here. */
function wordHere(word: string): string {
  const lower = word.toLowerCase();
  if (Object.hasOwn(short, lower)) return short[lower]!;
  if (/^[A-Z]/.test(word)) return word.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase());
  return word.replace(/_+([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The one thing in lists that Keras writes for one output. */
function unlisted(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1) return unlisted(value[0]);
  if (isTable(value) && !isClassConfig(value) && Object.keys(value).length === 1)
    return unlisted(Object.values(value)[0]);
  return value;
}

/** A loss or metric as `compile` takes it: a word, or a config. */
function said(what: string, value: unknown): string | ClassConfig {
  if (isClassConfig(value) && value.class_name === 'function') return said(what, value.config as unknown);
  if (typeof value === 'string') return wordHere(value);
  if (isClassConfig(value)) return value;
  throw new DataError({ who: 'loadModel', expected: `${what} as a name or a config`, got: show(value) });
}

/** Metrics, in whatever lists they stand. */
function list(what: string, value: unknown): (string | ClassConfig)[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => list(what, one));
  if (isTable(value) && !isClassConfig(value)) return Object.values(value).flatMap((one) => list(what, one));
  return [said(what, value)];
}

/** What a compile_config says; undefined for that of a model which was not compiled. */
export function learningFrom(
  config: unknown,
  { path, width, custom }: { path: string; width: number; custom: Registry },
): Learning | undefined {
  if (!isTable(config) || Object.keys(config).length === 0) return undefined;
  const who = 'loadModel';
  try {
    // A legacy file has it as optimizer_config.
    const optimizer = config['optimizer'] ?? config['optimizer_config'];
    const { loss, metrics, weighted_metrics: weighted } = config;
    const read = (one: string | ClassConfig) => metricOption(who, one, width, custom);
    return {
      optimizer: optimizerOption(who, said('an optimizer', optimizer), custom),
      loss: lossOption(who, said('a loss', unlisted(loss)), custom),
      metrics: list('a metric', metrics).map(read),
      weightedMetrics: list('a metric', weighted).map(read),
    };
  } catch (cause) {
    if (!(cause instanceof SamebitsError)) throw cause;
    const expected = `an optimizer, a loss and metrics that exist here in ${show(path)}`;
    const hint = 'compile: false reads the network without them';
    throw new ArgumentError({ who, expected, got: cause.message, hint }, { cause });
  }
}

/** How a compiled model learns, as Keras 3 writes it. */
export function compileConfig(model: Model): Readonly<Record<string, Json>> {
  const { optimizer, loss, metrics, weightedMetrics } = model.compiled;
  const { length } = model.parts.outputs;
  if (length > 1) {
    const expected = 'optimizer: false for a model with several outputs, whose losses are not written';
    throw new ArgumentError({ who: 'save', expected, got: `how ${length} outputs learn` });
  }
  const told = (thing: object) => classConfig(thing, 'save') as unknown as Json;
  return {
    optimizer: told(optimizer),
    loss: told(loss),
    loss_weights: null,
    metrics: metrics.map(told),
    weighted_metrics: weightedMetrics.length === 0 ? null : weightedMetrics.map(told),
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

/** Metrics, their names, and how they become plain data and come back. */
import { type ClassConfig, classConfig, classesOf, meant, type Registry } from '../classes/index.js';
import { ArgumentError, show } from '../errors/index.js';
import * as members from './members.js';
import type { Metric, MetricOption } from './metric.js';

export { addToStates, type MetricStates, valuesOf } from './measure.js';
export * from './members.js';
export type { Metric, MetricBatch, MetricOption, MetricOptions, MetricResult } from './metric.js';
export * as metrics from './public.js';

const parts = ['start', 'update', 'merge', 'result'] as const;
const isMetric = (value: unknown): value is Metric =>
  typeof value === 'object' && value !== null && parts.every((part) => typeof (value as Metric)[part] === 'function');
const classes = classesOf<Metric>(members);

/** Short names that Keras has, which are the names in logs, too. */
const short: Readonly<Record<string, (name: string, width: number) => Metric>> = {
  accuracy: (name, width) => (width === 1 ? members.binaryAccuracy : members.categoricalAccuracy)({ name }),
  mae: (name) => members.meanAbsoluteError({ name }),
  mse: (name) => members.meanSquaredError({ name }),
};

/**
 * The metric an option means for outputs whose last axis has this length. Throws ArgumentError for an unknown name or class,
 * DataError for a bad config.
 */
export function metricOption(who: string, value: MetricOption, width: number, custom?: Registry): Metric {
  const named = typeof value === 'string' && Object.hasOwn(short, value) ? short[value] : undefined;
  if (named !== undefined) return named(value as string, width);
  const beside = Object.keys(short);
  const meaning = { who, name: 'metrics', beside, what: 'a metric', classes, isThing: isMetric };
  return meant(value, { ...meaning, ...(custom && { custom }) });
}

/** What a metric is called where validation is told. */
export const validationName = (name: string): string => `val${name[0]!.toUpperCase()}${name.slice(1)}`;

/** What stands beside the metrics where an epoch is told. */
const taken = ['loss', 'epoch', 'seconds', 'weightsHash'];

/** Throws ArgumentError unless every mean of an epoch has a name of its own. */
export function checkMetricNames(who: string, metrics: readonly Metric[]): void {
  const seen = new Set([...taken, ...taken.map(validationName)]);
  for (const { name } of metrics) {
    if (typeof name !== 'string' || name === '') {
      throw new ArgumentError({ who, expected: 'metrics to have a text as name', got: show(name) });
    }
    const other = validationName(name);
    // The values of a list are called `recall_0`.
    const list = name.replace(/(_\d+)+$/, '');
    const isPlace = list !== name && metrics.some((one) => one.name === list);
    if (seen.has(name) || seen.has(other) || /^val[A-Z]/.test(name) || isPlace) {
      const hint = `an epoch has ${taken.join(', ')} and those of validation; words choose a name: binaryAccuracy:name=hits`;
      throw new ArgumentError({ who, expected: 'metrics to have names of their own', got: show(name), hint });
    }
    seen.add(name).add(other);
  }
}

/** The metric as plain data. Throws ArgumentError for one of the user's own that does not tell its config. */
export const metricConfig = (metric: Metric): ClassConfig => classConfig(metric, 'metricConfig');

/** Losses and metrics, their names, and how they become plain data and come back. */
import { type ClassConfig, classConfig, classesOf, meant, type Registry } from '../classes/index.js';
import { ArgumentError, show } from '../errors/index.js';
import type { Loss, LossOption, Metric, MetricOption } from './loss.js';
import * as members from './members.js';

export type { Loss, LossOption, Metric, MetricOption, OutputForm, Tally } from './loss.js';
export * from './members.js';
export type { MetricOptions } from './metric.js';
export * as losses from './public.js';

const isLoss = (value: unknown): value is Loss => typeof (value as Loss | null)?.compute === 'function';
const isMetric = (value: unknown): value is Metric => typeof (value as Metric | null)?.tally === 'function';
const ofModule = <T>(module: string) =>
  new Map([...classesOf<T>(members)].filter(([, { makes }]) => makes.module === module));
const lossClasses = ofModule<Loss>('keras.losses');
const metricClasses = ofModule<Metric>('keras.metrics');

/** The loss an option means. Throws ArgumentError for an unknown name or class, DataError for a bad config. */
export function lossOption(who: string, value: LossOption, custom?: Registry): Loss {
  const meaning = { who, name: 'loss', what: 'a loss', classes: lossClasses, isThing: isLoss };
  return meant(value, { ...meaning, ...(custom && { custom }) });
}

/** The metric an option means for outputs whose last axis has this length; throws as lossOption. */
export function metricOption(who: string, value: MetricOption, width: number, custom?: Registry): Metric {
  if (value === 'accuracy') {
    return (width === 1 ? members.binaryAccuracy : members.categoricalAccuracy)({ name: 'accuracy' });
  }
  const meaning = {
    who,
    name: 'metrics',
    beside: ['accuracy'],
    what: 'a metric',
    classes: metricClasses,
    isThing: isMetric,
  };
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
    if (seen.has(name) || seen.has(other) || /^val[A-Z]/.test(name)) {
      const hint = `an epoch has ${taken.join(', ')} and those of validation; words choose a name: binaryAccuracy:name=hits`;
      throw new ArgumentError({ who, expected: 'metrics to have names of their own', got: show(name), hint });
    }
    seen.add(name).add(other);
  }
}

/** The loss as plain data. Throws ArgumentError for one of the user's own that does not tell its config. */
export const lossConfig = (loss: Loss): ClassConfig => classConfig(loss, 'lossConfig');

/** The metric as plain data. Throws ArgumentError for one of the user's own that does not tell its config. */
export const metricConfig = (metric: Metric): ClassConfig => classConfig(metric, 'metricConfig');

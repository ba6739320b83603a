/** Losses and metrics of several outputs as plain data: of each output its own, by its name. Keras has no class for them. */
import {
  type ClassConfig,
  type ClassSpec,
  isClassConfig,
  isTable,
  noClasses,
  type Registry,
} from '../classes/index.js';
import { DataError, show } from '../errors/index.js';
import { type Loss, type LossOption, lossOption } from '../losses/index.js';
import { type Metric, type MetricOption, metricOption } from '../metrics/index.js';

/** The losses of outputs, and what each counts. */
export const outputLossesSpec: ClassSpec = {
  className: 'OutputLosses',
  module: 'samebits',
  options: ['losses', 'weights'],
};

/** A metric of one output. */
export const outputMetricSpec: ClassSpec = {
  className: 'OutputMetric',
  module: 'samebits',
  options: ['output', 'metric'],
};

const isOf = ({ className }: ClassSpec, value: unknown): value is ClassConfig =>
  isClassConfig(value) && value.class_name === className;

/** Whether a value is the config of the losses of several outputs. */
export const isOutputLosses = (value: unknown): value is ClassConfig => isOf(outputLossesSpec, value);

/** Whether a value is the config of a metric of one of several outputs. */
export const isOutputMetric = (value: unknown): value is ClassConfig => isOf(outputMetricSpec, value);

/** The losses of a config by the names of their outputs, and what each counts. Throws DataError for what is no such config. */
export function outputLossesFrom(
  who: string,
  { config }: ClassConfig,
  custom: Registry = noClasses,
): { loss: Record<string, Loss>; lossWeights: Record<string, number> } {
  const { losses, weights } = config;
  if (!isTable(losses) || !isTable(weights)) {
    throw new DataError({
      who,
      expected: 'OutputLosses with losses and weights by output',
      got: show(losses ?? weights),
    });
  }
  const loss = Object.entries(losses).map(([name, one]) => [name, lossOption(who, one as LossOption, custom)] as const);
  return { loss: Object.fromEntries(loss), lossWeights: weights as Record<string, number> };
}

/** The metrics of configs by the names of their outputs. Throws DataError for what are no such configs. */
export function outputMetricsFrom(
  who: string,
  configs: readonly ClassConfig[],
  custom: Registry = noClasses,
): Record<string, Metric[]> {
  const found: Record<string, Metric[]> = {};
  for (const { config } of configs) {
    const { output, metric } = config;
    if (typeof output !== 'string') {
      throw new DataError({ who, expected: 'OutputMetric with the name of its output', got: show(output) });
    }
    found[output] = [...(found[output] ?? []), metricOption(who, metric as MetricOption, 1, custom)];
  }
  return found;
}

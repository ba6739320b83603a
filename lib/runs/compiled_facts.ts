/** What a compiled model is and how it learns, as plain data: half of what a training means, and part of its receipt. */
import { type ClassConfig, lossConfig, metricConfig, modelConfig, optimizerConfig } from '../config/index.js';
import { ArgumentError } from '../errors/index.js';
import type { Model } from '../models/index.js';
import { sha256 } from './receipt.js';

/** A compiled model in Keras's own terms; null where a class of the user's own does not tell its config. */
export interface CompiledFacts {
  network: ClassConfig | null;
  /** With its schedule, if any, as learning rate. */
  optimizer: ClassConfig | null;
  loss: ClassConfig | null;
  metrics: (ClassConfig | null)[];
  /** Those in which samples count by their weights; absent where there are none. */
  weightedMetrics?: (ClassConfig | null)[];
}

/** A config; null for a thing of the user's own without one: its code is bound by the hash of its module. */
function told(config: () => ClassConfig): ClassConfig | null {
  try {
    return config();
  } catch (error) {
    if (error instanceof ArgumentError) return null;
    throw error;
  }
}

/** The facts of a compiled model. */
export function compiledFacts(model: Model): CompiledFacts {
  const { optimizer, loss, metrics, weightedMetrics } = model.compiled;
  const toldOf = (list: typeof metrics) => list.map((metric) => told(() => metricConfig(metric)));
  return {
    network: told(() => modelConfig(model)),
    optimizer: told(() => optimizerConfig(optimizer)),
    loss: told(() => lossConfig(loss)),
    metrics: toldOf(metrics),
    ...(weightedMetrics.length > 0 && { weightedMetrics: toldOf(weightedMetrics) }),
  };
}

/** A value with the keys of every object in one order, so that equal values have equal texts. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, ordered(one)]),
  );
}

/** Names a network by its config, whatever file the config was read from. */
export const networkHash = (network: CompiledFacts['network']): string => sha256(JSON.stringify(ordered(network)));

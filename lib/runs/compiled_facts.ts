/** What a compiled model is and how it learns, as plain data: half of what a training means, and part of its receipt. */
import type { Model } from '../models/index.js';

/** An optimizer, loss or metric by its name, with its settings. */
export interface NamedSettings {
  name: string;
  settings: Record<string, number | boolean | string | null>;
}

/** A compiled model in plain data. */
export interface CompiledFacts {
  optimizer: NamedSettings;
  loss: NamedSettings;
  metrics: NamedSettings[];
  /** Name, type (Keras's class) and shape of the output of one sample, of every layer in order. */
  layers: [name: string, type: string, shape: number[]][];
}

/** Settings as the thing itself says them; one without any has an empty table. */
function named({ name, settings = {} }: { name: string; settings?: object }): NamedSettings {
  const given = Object.entries(settings as NamedSettings['settings']).filter(([, value]) => value !== undefined);
  return { name, settings: Object.fromEntries(given) };
}

/** The facts of a compiled model. */
export function compiledFacts(model: Model): CompiledFacts {
  const { optimizer, loss, metrics } = model.compiled;
  const { inputs, places: computed, layers } = model.graph;
  const places = [...inputs, ...computed];
  return {
    optimizer: named(optimizer),
    loss: named(loss),
    metrics: metrics.map(named),
    layers: layers.map((layer) => {
      const { shape } = places.find((place) => place.layer === layer)!;
      return [layer.name, layer.kerasName, [...shape]];
    }),
  };
}

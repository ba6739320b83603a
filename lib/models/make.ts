/** Models from their ends, or from layers in a row. */
import { ArgumentError } from '../errors/index.js';
import { input, type Layer, type LayerOptions, Symbolic } from '../layers/index.js';
import { Model } from './model.js';
import { Network } from './network.js';

/** What `model` takes. */
export interface ModelOptions extends LayerOptions {
  inputs: Symbolic | readonly Symbolic[];
  outputs: Symbolic | readonly Symbolic[];
}

/** A model from its ends: `model({ inputs, outputs })`. Throws ArgumentError when the output needs another input. */
export function model({ inputs, outputs, ...options }: ModelOptions): Model {
  const listed = (ends: Symbolic | readonly Symbolic[]) => (ends instanceof Symbolic ? [ends] : ends);
  return new Model({ ends: { inputs: listed(inputs), outputs: listed(outputs) } }, options);
}

/**
 * Layers in a row: `sequential([input({ shape: [4] }), dense({ units: 1 })])`. It may begin with a model, whose input is its own then;
 * without an input it is a block that learns its input shape when it is applied. Throws ArgumentError for an empty row.
 */
export function sequential(row: readonly (Symbolic | Layer)[], options: LayerOptions = {}): Model {
  const [first, ...others] = row;
  if (first === undefined) throw new ArgumentError({ who: 'sequential', expected: 'at least one layer', got: 'none' });
  const later = others.find((layer) => layer instanceof Symbolic);
  if (later !== undefined) {
    throw new ArgumentError({ who: 'sequential', expected: 'an input only at the beginning', got: 'one in between' });
  }
  const layers = others as Layer[];
  if (first instanceof Symbolic) {
    const output = layers.reduce((x, layer) => layer.apply(x), first);
    return new Model({ ends: { inputs: [first], outputs: [output] }, row: layers }, options);
  }
  const shape = first instanceof Network ? first.inputShape : undefined;
  return shape
    ? sequential([input({ shape }), first, ...layers], options)
    : new Model({ row: [first, ...layers] }, options);
}

/** From the ends of a network to its steps in an order in which they can be computed. */
import { ArgumentError, show } from '../errors/index.js';
import type { Layer, Symbolic } from '../layers/index.js';

/** A network as steps; each comes after those whose output it takes. */
export interface Graph {
  inputs: readonly Symbolic[];
  output: Symbolic;
  /** All places but the inputs. */
  steps: readonly Symbolic[];
  /** Each layer once, in the order of first use, inputs included. */
  layers: readonly Layer[];
  /** How often each place is read. */
  uses: ReadonlyMap<Symbolic, number>;
}

/** The steps between `inputs` and `output`. Throws ArgumentError when the output needs an input that is not given. */
export function graphOf(inputs: readonly Symbolic[], output: Symbolic): Graph {
  const found = new Set<Symbolic>(inputs);
  const uses = new Map<Symbolic, number>([[output, 1]]);
  const open = [output];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (found.has(place)) continue;
    found.add(place);
    if (place.inputs.length === 0) {
      throw new ArgumentError({
        who: 'model',
        expected: 'outputs that need no other inputs than those given',
        got: `one that needs '${place.layer.name}'`,
      });
    }
    for (const before of place.inputs) {
      uses.set(before, (uses.get(before) ?? 0) + 1);
      open.push(before);
    }
  }
  const places = [...found].sort((a, b) => a.id - b.id);
  const layers = [...new Set(places.map((place) => place.layer))];
  nameLayers(layers);
  return { inputs, output, steps: places.filter((place) => !inputs.includes(place)), layers, uses };
}

/** Numbers the layers without a name by their kind: conv2d, conv2d_1, ... Throws ArgumentError for a name used twice. */
function nameLayers(layers: readonly Layer[]): void {
  const taken = new Set<string>();
  for (const { name } of layers.filter((layer) => layer.named)) {
    if (taken.has(name)) {
      throw new ArgumentError({ who: 'model', expected: 'layers of different names', got: `two called ${show(name)}` });
    }
    taken.add(name);
  }
  for (const layer of layers.filter((layer) => !layer.named)) {
    let name = layer.kind;
    for (let i = 1; taken.has(name); i++) name = `${layer.kind}_${i}`;
    layer.rename(name);
    taken.add(name);
  }
}

/** The layers of a network in the order in which Keras 3 lists them, and where its files keep each. */
import { InputLayer, type Layer, type Symbolic } from '../layers/index.js';
import { Network } from '../models/index.js';

/** The parts of a graph that Keras's order follows from. */
type Graph = Network['graph'];

/** Places in the order in which a walk from each output in turn, inputs first, ends with each; and when each layer was met. */
function walked({ outputs }: Graph): { ended: Symbolic[]; met: Map<Layer, number> } {
  const ended: Symbolic[] = [];
  const met = new Map<Layer, number>();
  const done = new Set<Symbolic>();
  const open: { place: Symbolic; next: number }[] = [];
  const meet = (place: Symbolic) => {
    if (done.has(place)) return;
    done.add(place);
    if (!met.has(place.layer)) met.set(place.layer, met.size);
    open.push({ place, next: 0 });
  };
  for (const output of outputs) {
    meet(output);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const before = top.place.inputs[top.next++];
      if (before !== undefined) meet(before);
      else ended.push(open.pop()!.place);
    }
  }
  return { ended, met };
}

/** The layers by their distance from an output, the farthest first, then by when a walk from the outputs meets them. */
function byDepth(graph: Graph): Layer[] {
  const { ended, met } = walked(graph);
  const depthOf = new Map<Symbolic, number>();
  const depths = new Map<Layer, number>();
  for (const place of ended.reverse()) {
    const depth = Math.max(depthOf.get(place) ?? 0, depths.get(place.layer) ?? 0);
    depths.set(place.layer, depth);
    for (const before of place.inputs) depthOf.set(before, Math.max(depth + 1, depthOf.get(before) ?? 0));
  }
  // An input that nothing reads stands with the output.
  for (const { layer } of graph.inputs) {
    if (depths.has(layer)) continue;
    depths.set(layer, 0);
    met.set(layer, -1);
  }
  const order = [...depths.keys()].sort((a, b) => depths.get(b)! - depths.get(a)! || met.get(a)! - met.get(b)!);
  return order;
}

/** The layers of a network as Keras's `model.layers` lists them. A Sequential has no layer for its input there. */
export function kerasLayers(network: Network): Layer[] {
  if (network.className !== 'Sequential') return byDepth(network.graph);
  return network.layers.filter((layer) => !(layer instanceof InputLayer));
}

/** A class's name as Keras's paths have it: `conv2d` of Conv2D, `re_lu` of ReLU. */
export const pathWord = (className: string): string =>
  className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** A layer and the group of a `.weights.h5` that holds its variables. */
export interface KerasPlace {
  /** Such as `layers/functional/layers/conv2d_1`; '' for the network itself. */
  path: string;
  layer: Layer;
  /** What Keras's names of its variables begin with: those of the Sequentials around it. */
  scope: string;
}

/** All of a network: itself, then its layers, each followed by those inside it. A layer that is in it twice stands at the first. */
export function kerasPlaces(network: Network): KerasPlace[] {
  const seen = new Set<Layer>();
  const found: KerasPlace[] = [];
  const add = (layer: Layer, path: string, scope: string) => {
    if (seen.has(layer)) return;
    seen.add(layer);
    found.push({ path, layer, scope });
    if (!(layer instanceof Network)) return;
    const within = layer.className === 'Sequential' ? `${scope}${layer.name}/` : '';
    const used = new Map<string, number>();
    for (const inside of kerasLayers(layer)) {
      const word = pathWord(inside.className ?? inside.kerasName);
      const before = used.get(word) ?? 0;
      used.set(word, before + 1);
      add(inside, `${path === '' ? '' : `${path}/`}layers/${before === 0 ? word : `${word}_${before}`}`, within);
    }
  };
  add(network, '', '');
  return found;
}

/** The variables of a layer as `vars/0`, `vars/1`, ... keep them: those that learn, then the others. A network has none itself. */
export const variablesOf = (layer: Layer): Layer['weights'] =>
  layer instanceof Network ? [] : [...layer.weights].sort((a, b) => Number(b.learns) - Number(a.learns));

/** From the ends of a network to its steps in an order in which they can be computed. */
import { ArgumentError, show } from '../errors/index.js';
import { Activation, type CallContext, type Layer, type Symbolic } from '../layers/index.js';
import type { Tensor } from '../tensor/index.js';

/** Computes one place of a network from others. */
export interface Step {
  place: Symbolic;
  inputs: readonly Symbolic[];
  call(inputs: readonly Tensor[], context: CallContext): Tensor;
}

/** A network as steps; each comes after those whose output it takes. */
export interface Graph {
  inputs: readonly Symbolic[];
  outputs: readonly Symbolic[];
  /** The first output. */
  output: Symbolic;
  /** The place whose layer makes each output: the output itself, or the one before linear activations, which pass it on. */
  heads: readonly Symbolic[];
  /** All places but the inputs. */
  places: readonly Symbolic[];
  /** One for each of the places, but for those that an activation behind them is computed with. */
  steps: readonly Step[];
  /** Each layer once, in the order of first use, inputs included. */
  layers: readonly Layer[];
  /** How often each place is read. */
  uses: ReadonlyMap<Symbolic, number>;
}

/** The place before an activation that its layer can compute in the same pass, when nothing else reads it. */
function fusedWith(place: Symbolic, uses: ReadonlyMap<Symbolic, number>): Symbolic | undefined {
  const { asActivation } = place.layer;
  const before = place.inputs[0];
  if (asActivation === undefined || before === undefined || uses.get(before) !== 1) return undefined;
  const { layer } = before;
  return layer.fuses(asActivation) && layer.activityRegularizer === null ? before : undefined;
}

/** The place that is the output but for linear activations. */
function headOf(output: Symbolic): Symbolic {
  const { layer, inputs } = output;
  const [before] = inputs;
  const passes = layer instanceof Activation && layer.activation === 'linear' && before !== undefined;
  return passes ? headOf(before) : output;
}

/** The steps that compute these places. Fusing changes speed and memory, never bits. */
function stepsOf(places: readonly Symbolic[], uses: ReadonlyMap<Symbolic, number>): Step[] {
  const fused = new Map(places.map((place) => [place, fusedWith(place, uses)]));
  const within = new Set(fused.values());
  return places
    .filter((place) => !within.has(place))
    .map((place) => {
      const before = fused.get(place);
      if (before === undefined) return { place, inputs: place.inputs, call: place.layer.call.bind(place.layer) };
      const { asActivation } = place.layer;
      return {
        place,
        inputs: before.inputs,
        call: (inputs, context) => before.layer.callActivated!(inputs, context, asActivation!),
      };
    });
}

/** The steps between `inputs` and `outputs`. Throws ArgumentError where there is no output, or one needs an input that is not given. */
export function graphOf(inputs: readonly Symbolic[], outputs: readonly Symbolic[]): Graph {
  const [output] = outputs;
  if (output === undefined) throw new ArgumentError({ who: 'model', expected: 'at least one output', got: 'none' });
  const found = new Set<Symbolic>(inputs);
  const uses = new Map<Symbolic, number>();
  for (const one of outputs) uses.set(one, (uses.get(one) ?? 0) + 1);
  const open = [...outputs];
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
  const byId = [...found].sort((a, b) => a.id - b.id);
  const layers = [...new Set(byId.map((place) => place.layer))];
  nameLayers(layers);
  const computed = ordered(byId).filter((place) => !inputs.includes(place));
  const ends = { inputs, outputs, output, heads: outputs.map(headOf) };
  return { ...ends, places: computed, steps: stepsOf(computed, uses), layers, uses };
}

/**
 * Places, given by age, in the order in which they are computed: of each layer the first use, behind what it reads; then of
 * each the second, and so on. It follows from what a config keeps, so a network out of its config adds in the same order.
 */
function ordered(byAge: readonly Symbolic[]): Symbolic[] {
  const uses = new Map<Layer, Symbolic[]>();
  for (const place of byAge) uses.set(place.layer, [...(uses.get(place.layer) ?? []), place]);
  const all = new Set(byAge);
  const done = new Set<Symbolic>();
  const compute = (place: Symbolic) => {
    if (!all.has(place) || done.has(place)) return;
    place.inputs.forEach(compute);
    done.add(place);
  };
  const most = [...uses.values()].reduce((n, places) => Math.max(n, places.length), 0);
  for (let use = 0; use < most; use++)
    for (const places of uses.values()) if (use < places.length) compute(places[use]!);
  return [...done];
}

/** Numbers the layers without a name by their kind: conv2d, conv2d_1, ... Throws ArgumentError for a name used twice. */
export function nameLayers(layers: readonly Layer[]): void {
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

/**
 * The places of a network whose values are maps `[h, w, channels]`, and the network cut in two at one of them: the
 * layers up to it and the layers behind it.
 */
import { ArgumentError, show } from '../errors/index.js';
import type { CallContext, Layer, Symbolic } from '../layers/index.js';
import { Model } from '../models/index.js';
import type { Tensor } from '../tensor/index.js';

/** A layer at work: what it reads and where its value goes. The value of a nested model is moved, by no layer. */
interface Step {
  name: string;
  layer: Layer | undefined;
  reads: readonly Symbolic[];
  writes: Symbolic;
}

/** The steps of a network in order, nested models opened up; names as in weight files: `block/conv2d`. */
function stepsOf(network: Model, prefix = ''): Step[] {
  return network.graph.places.flatMap((writes): Step[] => {
    const { layer, inputs } = writes;
    const name = `${prefix}${layer.name}`;
    if (!(layer instanceof Model)) return [{ name, layer, reads: inputs, writes }];
    const { inputs: inner, output } = layer.graph;
    const moved = (from: Symbolic, to: Symbolic): Step => ({ name, layer: undefined, reads: [from], writes: to });
    return [...inner.map((place, k) => moved(inputs[k]!, place)), ...stepsOf(layer, `${name}/`), moved(output, writes)];
  });
}

const isMap = ({ layer, writes }: Step) => layer !== undefined && writes.shape.length === 3;

/** Names of the layers that can be explained by: those whose output is a map `[h, w, channels]`, in order. */
export function mapLayers(model: Model): string[] {
  return [
    ...new Set(
      stepsOf(model)
        .filter(isMap)
        .map(({ name }) => name),
    ),
  ];
}

/** The convolution with the longest way from the inputs among those with more than one place; the last of several. */
function deepestConvolution(steps: readonly Step[]): number {
  const depths = new Map<Symbolic, number>();
  let best = { index: -1, depth: -1 };
  steps.forEach(({ layer, reads, writes }, index) => {
    const depth =
      reads.reduce((most, place) => Math.max(most, depths.get(place) ?? 0), 0) + (layer === undefined ? 0 : 1);
    depths.set(writes, depth);
    const [height, width] = writes.shape;
    const counts = layer?.isConvolution === true && height! * width! > 1;
    if (counts && depth >= best.depth) best = { index, depth };
  });
  return best.index;
}

/** Whether `gradCam` finds a layer by itself: a convolution of more than one place. */
export const hasConvolution = (model: Model): boolean => deepestConvolution(stepsOf(model)) >= 0;

function indexOf(who: string, model: Model, steps: readonly Step[], layer: string | undefined): number {
  const names = () => mapLayers(model).map(show).join(', ');
  if (layer !== undefined) {
    const index = steps.findLastIndex((step) => step.name === layer && isMap(step));
    if (index >= 0) return index;
    throw new ArgumentError({ who, expected: `layer to be one of ${names()}`, got: show(layer) });
  }
  const index = deepestConvolution(steps);
  if (index >= 0) return index;
  throw new ArgumentError({
    who,
    expected: 'a model with a convolution of more than one place',
    got: `layers ${names() || 'without maps'}`,
  });
}

/** A network cut in two at a layer. */
export interface Cut {
  /** The layer's name. */
  readonly layer: string;
  /** `[h, w, channels]` of its output. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** From a batch of inputs to the layer's output. */
  lower(x: Tensor, context: CallContext): Tensor;
  /** From the layer's output, after `lower`, to the model's; the activation function of the last layer is its last step. */
  upper(maps: Tensor, context: CallContext): Tensor;
  /** The last layer. */
  readonly head: Layer | undefined;
}

/**
 * Cuts a model at the last use of a layer, by default at its deepest convolution: the one with the most layers between
 * it and the input, so that a shortcut beside a residual block is passed over; a map of one place, which cannot say
 * where, is passed over too. Throws ArgumentError, in the words of
 * `who`, for a model with several inputs, an unknown layer, or one whose output is no map.
 */
export function cutAt(who: string, model: Model, layer: string | undefined): Cut {
  const { inputs, output, outputs } = model.graph;
  for (const [what, { length }] of Object.entries({ input: inputs, output: outputs })) {
    if (length !== 1) throw new ArgumentError({ who, expected: `a model with one ${what}`, got: `one with ${length}` });
  }
  const steps = stepsOf(model);
  const at = indexOf(who, model, steps, layer);
  const { name, writes } = steps[at]!;
  const values = new Map<Symbolic, Tensor>();
  const compute = (some: readonly Step[], context: CallContext) => {
    for (const step of some) {
      const read = step.reads.map((place) => values.get(place)!);
      values.set(step.writes, step.layer === undefined ? read[0]! : step.layer.call(read, context));
    }
  };
  return {
    layer: name,
    shape: writes.shape as [number, number, number],
    head: steps.at(-1)!.layer,
    lower(x, context) {
      values.clear();
      values.set(inputs[0]!, x);
      compute(steps.slice(0, at + 1), context);
      return values.get(writes)!;
    },
    upper(maps, context) {
      values.set(writes, maps);
      compute(steps.slice(at + 1), context);
      return values.get(output)!;
    },
  };
}

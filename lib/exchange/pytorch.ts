/** PyTorch's names and axes for the weights of each layer: a state_dict has `weight [out, in, kh, kw]` where Keras has `kernel [kh, kw, in, out]`. */
import { ArgumentError, show } from '../errors/index.js';
import type { Layer, Weight } from '../layers/index.js';
import { Network } from '../models/index.js';
import { type Shape, sizeOf } from '../tensor/index.js';
import type { Arrangement, Wanted } from './assign.js';
import { namesOf } from './keras_weights.js';

/** The modules of a state_dict by the names of layers: `{ conv2d: 'features.0', 'stem/conv2d_1': 'stem.conv' }`. */
export type PytorchModules = Readonly<Record<string, string>>;

/** What one weight is there. `before` is the shape [h, w, c] that a Flatten joined in front of the layer, if one did. */
type Kept = (shape: Shape, before: Shape | undefined) => Arrangement & { tensor: string };

const plain =
  (tensor: string): Kept =>
  (shape) => ({ tensor, shape, dims: shape, order: shape.map((_, axis) => axis) });

/** [kh, kw, a, b] here, [b, a, kh, kw] there. */
const convolution =
  (tensor: string): Kept =>
  ([kh, kw, a, b]) => ({ tensor, shape: [b!, a!, kh!, kw!], dims: [b!, a!, kh!, kw!], order: [2, 3, 1, 0] });

/** [kh, kw, channels, multiplier] here, a convolution in as many groups as channels there. */
const depthwise =
  (tensor: string): Kept =>
  ([kh, kw, c, m]) => ({ tensor, shape: [c! * m!, 1, kh!, kw!], dims: [c!, m!, kh!, kw!], order: [2, 3, 0, 1] });

/** [in, out] here, [out, in] there; behind a Flatten the inputs are [h, w, c] here and [c, h, w] there. */
const linear: Kept = ([ins, outs], before) => {
  const shape = [outs!, ins!];
  if (before?.length !== 3) return { tensor: 'weight', shape, dims: shape, order: [1, 0] };
  const [h, w, c] = before as [number, number, number];
  return { tensor: 'weight', shape, dims: [outs!, c, h, w], order: [2, 3, 1, 0] };
};

/** Slopes [1, 1, c] here, [c] there. */
const slopes: Kept = (shape) => {
  const flat = [sizeOf(shape)];
  return { tensor: 'weight', shape: flat, dims: flat, order: [0] };
};

const bias = plain('bias');
const scaled = { gamma: plain('weight'), beta: bias };

/** By Keras's class, each weight by its name here. */
const modules: Readonly<Record<string, Readonly<Record<string, Kept>>>> = {
  BatchNormalization: { ...scaled, moving_mean: plain('running_mean'), moving_variance: plain('running_var') },
  Conv2D: { kernel: convolution('weight'), bias },
  Conv2DTranspose: { kernel: convolution('weight'), bias },
  Dense: { kernel: linear, bias },
  DepthwiseConv2D: { kernel: depthwise('weight'), bias },
  GroupNormalization: scaled,
  LayerNormalization: scaled,
  PReLU: { alpha: slopes },
  SeparableConv2D: {
    depthwise_kernel: depthwise('depthwise.weight'),
    pointwise_kernel: convolution('pointwise.weight'),
    bias: plain('pointwise.bias'),
  },
};

/** What a module counts and no weight is. */
export const counted = (name: string): boolean => /(^|\.)num_batches_tracked$/.test(name);

/** Layers that hand their input on, place by place. */
const passing = new Set([
  'Activation',
  'Dropout',
  'ReLU',
  'LeakyReLU',
  'ELU',
  'SpatialDropout2D',
  'GaussianNoise',
  'GaussianDropout',
]);

/** The shapes that a Flatten joined in front of each layer, where one stands there. */
function flattened(network: Network): Map<Layer, Shape> {
  const found = new Map<Layer, Shape>();
  for (const place of network.graph.places) {
    let before = place.inputs[0];
    while (before !== undefined && passing.has(before.layer.className ?? '')) before = before.inputs[0];
    if (before?.layer.className === 'Flatten') found.set(place.layer, before.inputs[0]!.shape);
    if (place.layer instanceof Network) for (const [layer, shape] of flattened(place.layer)) found.set(layer, shape);
  }
  return found;
}

/** The layers with weights, each with its name inside the network: `stem/conv2d`. */
function named(network: Network, prefix = ''): { layer: Layer; name: string }[] {
  return network.layers.flatMap((layer) => {
    if (layer instanceof Network) return named(layer, `${prefix}${layer.name}/`);
    return layer.weights.length === 0 ? [] : [{ layer, name: `${prefix}${layer.name}` }];
  });
}

/**
 * Every weight, and what a state_dict calls it. A layer without a name of its own in `names` has its own as module, '/' as '.'.
 * Throws ArgumentError for a name that is that of no layer, and for a layer that PyTorch has no module for.
 */
export function pytorchWanted(network: Network, names: PytorchModules): Wanted[] {
  const layers = named(network);
  const other = Object.keys(names).find((name) => !layers.some((one) => one.name === name));
  if (other !== undefined) {
    const known = layers.map(({ name }) => show(name)).join(', ');
    throw new ArgumentError({ who: 'weights', expected: `modules for the layers ${known}`, got: show(other) });
  }
  const before = flattened(network);
  const ours = namesOf(network);
  return layers.flatMap(({ layer, name }) => {
    const module = names[name] ?? name.replaceAll('/', '.');
    return layer.weights.map((weight): Wanted => {
      const { tensor, ...arrangement } = keptOf(layer, weight)(weight.shape, before.get(layer));
      return {
        weight: ours.get(weight)!,
        tensor: weight.tensor,
        from: module === '' ? tensor : `${module}.${tensor}`,
        arrangement,
      };
    });
  });
}

function keptOf(layer: Layer, weight: Weight): Kept {
  const kept = modules[layer.className ?? '']?.[weight.name];
  if (kept !== undefined) return kept;
  const expected = `layers that PyTorch has: ${Object.keys(modules).join(', ')}`;
  throw new ArgumentError({
    who: 'weights',
    expected,
    got: `${layer.className ?? layer.kerasName} ${show(layer.name)}`,
  });
}

/**
 * Distances between the weights of trained models, layer by layer. A model's weights are a list of named tensors;
 * tensors that share the part of their name before the last `/` belong to one layer, in the order they come.
 */
import { ShapeError, show } from '../errors/index.js';
import { addPair, type Divergence, emptyTally, measure, type Tally } from './arrays.js';

/** One tensor of a model: its name (`conv2d/kernel`), shape, dtype, and float32 values in row-major order. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  dtype: string;
  data: Float32Array;
}

/** The distances of one layer. */
export interface LayerDivergence extends Divergence {
  layer: string;
}

/** Distances over all pairs of several models: each layer, and all weights together. */
export interface WeightsDivergence {
  /** Number of pairs: n * (n - 1) / 2. */
  pairs: number;
  layers: LayerDivergence[];
  all: Divergence;
}

/** The layer a tensor belongs to: its name up to the last `/`, or the whole name. */
export function layerOf(tensorName: string): string {
  const slash = tensorName.lastIndexOf('/');
  return slash <= 0 ? tensorName : tensorName.slice(0, slash);
}

function describe(tensor: NamedTensor | undefined): string {
  return tensor === undefined ? 'none' : `${show(tensor.name)} ${tensor.dtype} ${show([...tensor.shape])}`;
}

/** Throws ShapeError, in the name of `who`, unless two models have tensors of the same names, dtypes and shapes. */
export function requireAlike(a: readonly NamedTensor[], b: readonly NamedTensor[], who = 'compareWeights'): void {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const left = describe(a[i]);
    const right = describe(b[i]);
    if (left !== right) {
      throw new ShapeError({ who, expected: `tensor ${i} to be ${left} in both models`, got: right });
    }
  }
}

/**
 * Distances over all pairs of `models`, every layer by itself. Largest values are over all pairs, means and shares
 * are over all elements of all pairs, l2 is the mean of the pairs (`l2Pairs` has each: 1 and 2, 1 and 3, ...), and `firstDiffering` is the lowest index in the layer (in `all`: in the model)
 * at which some pair differs. Cosine similarity is that of the paired weights laid end to end. Throws ShapeError if two
 * models differ in tensor names, dtypes or shapes.
 */
export function compareAll(models: readonly (readonly NamedTensor[])[]): WeightsDivergence {
  const first = models[0] ?? [];
  for (const model of models.slice(1)) requireAlike(first, model);
  const tallies = new Map<string, Tally>(first.map((tensor) => [layerOf(tensor.name), emptyTally()]));
  const offsets = offsetsInLayers(first);
  let pairs = 0;
  for (let i = 0; i < models.length; i += 1) {
    for (let j = i + 1; j < models.length; j += 1) {
      pairs += 1;
      for (const [index, tensor] of models[i]!.entries()) {
        const other = models[j]![index]!;
        const place = { offset: offsets[index]!, pair: pairs - 1 };
        addPair(tallies.get(layerOf(tensor.name))!, tensor.data, other.data, place);
      }
    }
  }
  const all = emptyTally();
  for (const tally of tallies.values()) join(all, tally, Math.max(1, pairs));
  const layers = [...tallies].map(([layer, tally]) => ({ layer, ...measure(tally) }));
  return { pairs, layers, all: measure(all) };
}

/** Distances between two models, layer by layer; throws ShapeError if their tensors are not alike. */
export function compareWeights(a: readonly NamedTensor[], b: readonly NamedTensor[]): LayerDivergence[] {
  return compareAll([a, b]).layers;
}

/** Where each tensor begins in its layer, in elements. */
function offsetsInLayers(model: readonly NamedTensor[]): number[] {
  const ends = new Map<string, number>();
  return model.map(({ name, data }) => {
    const offset = ends.get(layerOf(name)) ?? 0;
    ends.set(layerOf(name), offset + data.length);
    return offset;
  });
}

const sums = [
  ...(['elements', 'differing', 'sumUlp', 'sumAbsolute', 'sumRelative'] as const),
  ...(['dot', 'squaresA', 'squaresB', 'signFlips'] as const),
];

/** Adds a layer's tally to the model's; layers come in the order of the model, each seen once per pair. */
function join(whole: Tally, part: Tally, pairs: number): void {
  if (part.firstDiffering !== null) whole.firstDiffering ??= whole.elements / pairs + part.firstDiffering;
  whole.maxUlp = Math.max(whole.maxUlp, part.maxUlp);
  whole.maxAbsolute = Math.max(whole.maxAbsolute, part.maxAbsolute);
  whole.maxRelative = Math.max(whole.maxRelative, part.maxRelative);
  for (let k = 0; k < 32; k += 1) whole.positions[k]! += part.positions[k]!;
  for (let k = 0; k < whole.histogram.length; k += 1) whole.histogram[k]! += part.histogram[k]!;
  for (const [pair, squares] of part.squares.entries()) whole.squares[pair] = (whole.squares[pair] ?? 0) + squares;
  for (const sum of sums) whole[sum] += part[sum];
}

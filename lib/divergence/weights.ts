/**
 * Distances between the weights of trained models, layer by layer. A model's weights are a list of named tensors;
 * tensors that share the part of their name before the last `/` belong to one layer, in the order they come.
 */
import { addPair, type Divergence, emptyTally, measure, type Tally } from './arrays.js';
import { layersIn, type RunsSource, readLayer, sourceOf } from './source.js';
import { type NamedTensor, requireAlike } from './tensors.js';

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

/** The tally of all pairs over one layer: pair by pair, and within a pair tensor by tensor. */
export function tallyOfLayer(runs: readonly (readonly Float32Array[])[]): Tally {
  const tally = emptyTally();
  let pair = 0;
  for (const [i, a] of runs.entries()) {
    for (const b of runs.slice(i + 1)) {
      let offset = 0;
      for (const [t, values] of a.entries()) {
        addPair(tally, values, b[t]!, { offset, pair });
        offset += values.length;
      }
      pair += 1;
    }
  }
  return tally;
}

/** Sums of layers, one after the other. */
export class LayerSums {
  readonly layers: LayerDivergence[] = [];
  readonly #all = emptyTally();

  constructor(readonly pairs: number) {}

  add(layer: string, tally: Tally): void {
    join(this.#all, tally, Math.max(1, this.pairs));
    this.layers.push({ layer, ...measure(tally) });
  }

  get all(): Divergence {
    return measure(this.#all);
  }
}

/** Throws ShapeError, in the name of `who`, unless all runs have tensors of the same names, dtypes and shapes. */
export function requireAllAlike({ forms }: RunsSource, who?: string): void {
  for (const other of forms.slice(1)) requireAlike(forms[0]!, other, who);
}

const pairsOf = (runs: number) => (runs * (runs - 1)) / 2;

/**
 * Distances over all pairs of `models`, every layer by itself. Largest values are over all pairs, means and shares
 * are over all elements of all pairs, l2 is the mean of the pairs (`l2Pairs` has each: 1 and 2, 1 and 3, ...), and `firstDiffering` is the lowest index in the layer (in `all`: in the model)
 * at which some pair differs. Cosine similarity is that of the paired weights laid end to end. Throws ShapeError if two
 * models differ in tensor names, dtypes or shapes.
 */
export function compareAll(models: readonly (readonly NamedTensor[])[]): WeightsDivergence {
  const { pairs, layers, all } = compareAllIn(sourceOf(models), { apart: false });
  return { pairs, layers, all };
}

/** Distances over all pairs, and with `apart` those of each pair by itself. */
export interface PairsDivergence extends WeightsDivergence {
  /** 1 and 2, 1 and 3, ...; empty unless asked for. */
  apart: Divergence[];
}

/** `compareAll` of runs of which one layer is in memory at a time; with `apart`, each pair by itself over all weights too. */
export function compareAllIn(source: RunsSource, { apart }: { apart: boolean }): PairsDivergence {
  requireAllAlike(source);
  const { forms } = source;
  const sums = new LayerSums(pairsOf(forms.length));
  const own = Array.from({ length: apart ? sums.pairs : 0 }, () => new LayerSums(1));
  for (const { layer, places } of layersIn(forms[0] ?? [])) {
    const runs = readLayer(source, places);
    sums.add(layer, tallyOfLayer(runs));
    const pairs = runs.flatMap((a, i) => runs.slice(i + 1).map((b) => [a, b]));
    for (const [i, one] of own.entries()) one.add(layer, tallyOfLayer(pairs[i]!));
  }
  return { pairs: sums.pairs, layers: sums.layers, all: sums.all, apart: own.map(({ all }) => all) };
}

/** Distances between two models, layer by layer; throws ShapeError if their tensors are not alike. */
export function compareWeights(a: readonly NamedTensor[], b: readonly NamedTensor[]): LayerDivergence[] {
  return compareAll([a, b]).layers;
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
  for (let k = 0; k < whole.bytes.length; k += 1) whole.bytes[k]! += part.bytes[k]!;
  for (let k = 0; k < whole.histogram.length; k += 1) whole.histogram[k]! += part.histogram[k]!;
  for (const [pair, squares] of part.squares.entries()) whole.squares[pair] = (whole.squares[pair] ?? 0) + squares;
  for (const sum of sums) whole[sum] += part[sum];
}

/** N runs of one model side by side, layer by layer: distances of pairs, similarity of pairs, spread over all. */
import { ArgumentError } from '../errors/index.js';
import type { Divergence } from './arrays.js';
import { addDotProducts, dotProducts, type Similarity, similarityOf } from './similarity.js';
import { layersIn, type RunsSource, readLayer, sourceOf } from './source.js';
import { addSpread, emptySpread, type Spread, spreadOf } from './spread.js';
import type { NamedTensor } from './tensors.js';
import { LayerSums, requireAllAlike, tallyOfLayer } from './weights.js';

/** What n runs differ in: distances over all pairs, similarity of each pair, spread of each component. */
export interface RunsDivergence {
  distance: Divergence;
  similarity: Similarity;
  spread: Spread;
}

/** What n runs of a model differ in, each layer in the order of the model, and all weights together. */
export interface ModelsDivergence {
  runs: number;
  pairs: number;
  layers: ({ layer: string } & RunsDivergence)[];
  all: RunsDivergence;
}

/**
 * Compares the weights of two or more runs of one model. A sum over all weights is the sum of the layers' sums in the
 * order of the model. Throws ArgumentError on fewer than two runs, ShapeError if two of them differ in tensor names,
 * dtypes or shapes.
 */
export function compareRuns(models: readonly (readonly NamedTensor[])[]): ModelsDivergence {
  return compareRunsIn(sourceOf(models));
}

/** `compareRuns` of runs of which one layer is in memory at a time, each read once; `only` some layers where they are named. */
export function compareRunsIn(source: RunsSource, only?: readonly string[]): ModelsDivergence {
  const who = 'compareRuns';
  const runs = source.forms.length;
  if (runs < 2) throw new ArgumentError({ who, expected: 'at least two runs', got: `${runs}` });
  requireAllAlike(source, who);
  const sums = new LayerSums((runs * (runs - 1)) / 2);
  const allProducts = dotProducts([], runs);
  const allSpread = emptySpread(runs);
  const layers: ModelsDivergence['layers'] = [];
  for (const { layer, places } of layersIn(source.forms[0]!)) {
    if (only !== undefined && !only.includes(layer)) continue;
    const values = readLayer(source, places);
    sums.add(layer, tallyOfLayer(values));
    const products = dotProducts([], runs);
    const spread = emptySpread(runs);
    for (const t of places.keys()) {
      const own = values.map((tensors) => tensors[t]!);
      addDotProducts(products, dotProducts(own));
      addSpread(spread, own);
    }
    addDotProducts(allProducts, products);
    joinSpread(allSpread, spread);
    const { layer: _, ...distance } = sums.layers.at(-1)!;
    layers.push({ layer, distance, similarity: similarityOf(products), spread: spreadOf(spread) });
  }
  const all = { distance: sums.all, similarity: similarityOf(allProducts), spread: spreadOf(allSpread) };
  return { runs, pairs: sums.pairs, layers, all };
}

function joinSpread(whole: ReturnType<typeof emptySpread>, part: ReturnType<typeof emptySpread>): void {
  for (const sum of ['components', 'differing', 'sumSd', 'sumSdPopulation', 'signFlips'] as const) {
    whole[sum] += part[sum];
  }
  whole.maxSd = Math.max(whole.maxSd, part.maxSd);
}

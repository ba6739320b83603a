/** N runs of one model side by side, layer by layer: distances of pairs, similarity of pairs, spread over all. */
import { ArgumentError } from '../errors/index.js';
import type { Divergence } from './arrays.js';
import { addDotProducts, dotProducts, type Similarity, similarityOf } from './similarity.js';
import { addSpread, emptySpread, type Spread, spreadOf } from './spread.js';
import { compareAll, layerOf, type NamedTensor, requireAlike } from './weights.js';

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
  const who = 'compareRuns';
  const runs = models.length;
  if (runs < 2) throw new ArgumentError({ who, expected: 'at least two runs', got: `${runs}` });
  const first = models[0]!;
  for (const model of models.slice(1)) requireAlike(first, model, who);
  const distances = compareAll(models);
  const allProducts = dotProducts([], runs);
  const allSpread = emptySpread(runs);
  const layers = distances.layers.map(({ layer, ...distance }) => {
    const products = dotProducts([], runs);
    const spread = emptySpread(runs);
    for (const [index, { name }] of first.entries()) {
      if (layerOf(name) !== layer) continue;
      const values = models.map((model) => model[index]!.data);
      addDotProducts(products, dotProducts(values));
      addSpread(spread, values);
    }
    addDotProducts(allProducts, products);
    joinSpread(allSpread, spread);
    return { layer, distance, similarity: similarityOf(products), spread: spreadOf(spread) };
  });
  const all = { distance: distances.all, similarity: similarityOf(allProducts), spread: spreadOf(allSpread) };
  return { runs, pairs: distances.pairs, layers, all };
}

function joinSpread(whole: ReturnType<typeof emptySpread>, part: ReturnType<typeof emptySpread>): void {
  for (const sum of ['components', 'differing', 'sumSd', 'sumSdPopulation', 'signFlips'] as const) {
    whole[sum] += part[sum];
  }
  whole.maxSd = Math.max(whole.maxSd, part.maxSd);
}

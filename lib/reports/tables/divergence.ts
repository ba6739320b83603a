/** Tables of how far runs are apart: a row a layer at the end, its spread, and a row a layer and epoch. */
import type { LayerDistance, Result, TargetResult } from '../../experiments/index.js';
import { compact, integer, percent, scientific, similarity } from '../format.js';
import type { Column, DataTable } from './table.js';

const distances = [
  { name: 'maxUlp', title: 'largest ulp', show: integer },
  { name: 'meanUlp', title: 'mean ulp', show: compact },
  { name: 'differingBits', title: 'bits that differ', show: (value: number) => percent(value) },
  { name: 'l2', title: 'l2, mean of pairs', show: scientific },
  { name: 'l2Least', title: 'least', show: scientific },
  { name: 'l2Largest', title: 'largest', show: scientific },
  { name: 'meanAbsolute', title: 'mean |a \u2212 b|', show: scientific },
  { name: 'maxAbsolute', title: 'largest |a \u2212 b|', show: scientific },
  { name: 'meanRelative', title: 'mean relative', show: scientific, fileOnly: true },
  { name: 'cosineSimilarity', title: 'cosine similarity', show: similarity },
  { name: 'signFlips', title: 'sign flips', show: integer },
] as const satisfies readonly (Column & { name: keyof LayerDistance })[];

const valuesOf = (distance: Omit<LayerDistance, 'layer'>) => distances.map(({ name }) => distance[name]);

/** The distances of each layer after the last epoch, over all pairs of runs. */
export function layersTable(model: string, { mode, divergence }: TargetResult): DataTable {
  const rows = divergence.layers.map((layer) => [layer.layer, ...valuesOf(layer)]);
  return {
    name: `${model}-${mode}-layers`,
    caption: `Distances between ${mode} runs after the last epoch, over all pairs`,
    columns: [{ name: 'layer', title: 'layer' }, ...distances],
    rows: [...rows, ['all weights', ...valuesOf(divergence.all)]],
  };
}

/** Standard deviation of every weight over the runs, by layer. */
export function spreadTable(model: string, { mode, divergence }: TargetResult): DataTable {
  return {
    name: `${model}-${mode}-spread`,
    caption: `Standard deviation of each weight over the ${mode} runs, after the last epoch`,
    columns: [
      { name: 'layer', title: 'layer' },
      { name: 'components', title: 'weights', show: integer },
      { name: 'differing', title: 'that differ', show: integer },
      { name: 'meanSd', title: 'mean SD (n \u2212 1)', show: scientific },
      { name: 'meanSdPopulation', title: 'mean SD (n)', show: scientific },
      { name: 'maxSd', title: 'largest SD', show: scientific },
      { name: 'signFlips', title: 'of both signs', show: integer },
    ],
    rows: divergence.spread.map(({ layer, components, differing, meanSd, meanSdPopulation, maxSd, signFlips }) => [
      ...[layer, components, differing, meanSd, meanSdPopulation, maxSd, signFlips],
    ]),
  };
}

/** All distances of each layer after each epoch. */
export function divergenceTable(result: Result): DataTable {
  const rows = Object.entries(result.targets).flatMap(([target, { divergence }]) =>
    divergence.perEpoch.flatMap(({ epoch, layers, all }) =>
      [...layers, { layer: 'all weights', ...all }].map((layer) => [target, epoch, layer.layer, ...valuesOf(layer)]),
    ),
  );
  const columns = ['target', 'epoch', 'layer', ...distances.map(({ name }) => name)];
  return {
    name: `${result.definition.model}-divergence`,
    caption: 'Distances between runs by target, epoch and layer',
    columns: columns.map((name) => ({ name, title: name })),
    rows,
  };
}

/** Every two of so many runs, numbered from 1, in the order of the pairs. */
export const pairNumbers = (runs: number): [number, number][] =>
  Array.from({ length: runs }, (_, i) => i + 1).flatMap((a) =>
    Array.from({ length: runs - a }, (_, k): [number, number] => [a, a + k + 1]),
  );

/** The l2 distance of all weights after each epoch, each pair of runs by itself. */
export function epochPairsTable(result: Result): DataTable {
  const rows = Object.entries(result.targets).flatMap(([target, { runs, divergence }]) =>
    divergence.perEpoch.flatMap(({ epoch, l2Pairs }) =>
      pairNumbers(runs.length).map((pair, i) => [target, epoch, ...pair, l2Pairs[i]!]),
    ),
  );
  return {
    name: `${result.definition.model}-epoch-pairs`,
    caption: 'l2 distance of all weights by target, epoch and pair of runs',
    columns: ['target', 'epoch', 'runA', 'runB', 'l2'].map((name) => ({ name, title: name })),
    rows,
  };
}

/** The histogram of ulp distances and the shares of bits, as the figures show them. */
export function histogramTable(model: string, { mode, divergence }: TargetResult): DataTable {
  const from = (place: number) => (place === 0 ? 0 : 2 ** (place - 1));
  return {
    name: `${model}-${mode}-ulp-histogram`,
    caption: `Final weights of all pairs of ${mode} runs by ulp distance; the last class is NaN beside a number`,
    columns: ['fromUlp', 'toUlp', 'weights'].map((name) => ({ name, title: name })),
    rows: divergence.ulpHistogram.map((weights, place) => [from(place), place === 0 ? 0 : 2 ** place - 1, weights]),
  };
}

/** Share of final weights that differ in each bit. */
export function bitsTable(model: string, { mode, divergence }: TargetResult): DataTable {
  return {
    name: `${model}-${mode}-bit-positions`,
    caption: `Share of final weights of ${mode} runs that differ in each bit; 31 is the sign, 30 to 23 the exponent`,
    columns: ['bit', 'share'].map((name) => ({ name, title: name })),
    rows: divergence.bitPositions.map((differing, bit) => [bit, differing]),
  };
}

/** Cosine similarity of every two runs. */
export function similarityTable(model: string, { mode, divergence }: TargetResult): DataTable {
  const { all, lastLayer } = divergence.similarity;
  const rowsOf = (layer: string, matrix: readonly (readonly (number | null)[])[]) =>
    matrix.flatMap((row, i) => row.map((value, j) => [layer, i + 1, j + 1, value]));
  return {
    name: `${model}-${mode}-similarity`,
    caption: `Cosine similarity of the final weights of every two ${mode} runs`,
    columns: ['weights', 'runA', 'runB', 'cosineSimilarity'].map((name) => ({ name, title: name })),
    rows: [...rowsOf('all weights', all.matrix), ...rowsOf(lastLayer.layer, lastLayer.matrix)],
  };
}

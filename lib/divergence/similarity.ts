/**
 * Cosine similarity of every pair of runs, with the smallest, mean and largest, as the thesis plots them for the last
 * layer (Eryilmaz 2023, section 4.3, after Fort et al. 2020).
 *
 * Sums are double precision in ascending index, vector by vector. Two vectors of zeros, of either sign, have
 * similarity 1, a vector of zeros and another one 0. A NaN or an infinity makes every similarity with that run NaN,
 * with itself too, and then the smallest, mean and largest are NaN.
 */
import { cosine } from './arrays.js';
import { requireRuns } from './refuse.js';

/** Similarities of n runs: the n x n matrix, and the smallest, mean and largest over the n (n - 1) / 2 pairs. */
export interface Similarity {
  matrix: number[][];
  minimum: number;
  mean: number;
  maximum: number;
}

/** Dot products of every pair of runs, as a lower triangle with the diagonal. */
export type DotProducts = Float64Array[];

/** Dot products of every pair of runs; 0 for every pair of `count` runs without values. */
export function dotProducts(runs: readonly Float32Array[], count = runs.length): DotProducts {
  return Array.from({ length: count }, (_, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => (runs.length === 0 ? 0 : dot(runs[i]!, runs[j]!))),
  );
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** Adds the dot products of further values of the same runs. */
export function addDotProducts(whole: DotProducts, part: DotProducts): void {
  for (const [i, row] of part.entries()) for (const [j, value] of row.entries()) whole[i]![j]! += value;
}

/** Similarities of the runs whose dot products these are. */
export function similarityOf(products: DotProducts): Similarity {
  const matrix = products.map(() => new Array<number>(products.length).fill(0));
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const [i, row] of products.entries()) {
    for (const [j, value] of row.entries()) {
      const similarity = cosine({ dot: value, squaresA: products[i]![i]!, squaresB: products[j]![j]! });
      matrix[i]![j] = similarity;
      matrix[j]![i] = similarity;
      if (i === j) continue;
      minimum = Math.min(minimum, similarity);
      maximum = Math.max(maximum, similarity);
      sum += similarity;
    }
  }
  return { matrix, minimum, mean: sum / ((products.length * (products.length - 1)) / 2), maximum };
}

/** Cosine similarity of every pair of runs; throws ArgumentError on fewer than two, ShapeError if lengths differ. */
export function cosineSimilarities(runs: readonly Float32Array[]): Similarity {
  requireRuns('cosineSimilarities', runs);
  return similarityOf(dotProducts(runs));
}

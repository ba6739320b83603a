/**
 * How far two explanations of one picture are apart, and where in the picture the heat lies. Sums are chains of doubles
 * in ascending index; besides + - * / only sqrt, which IEEE rounds correctly. So the numbers are the same everywhere.
 */
import { ShapeError, show } from '../errors/index.js';
import type { HeatMap } from './heat_map.js';
import { structuralSimilarity } from './ssim.js';

/** Two heat maps beside each other; null where a map without heat or contrast leaves a measure without a meaning. */
export interface Stability {
  /** Whether all values have the same bits. */
  sameBits: boolean;
  /** Pearson's correlation, -1 to 1; null when a map has one value everywhere. */
  pearson: number | null;
  /** Mean structural similarity, at most 1; see `structuralSimilarity`. */
  ssim: number;
  /** Share of the hottest tenth of one map that is among the hottest tenth of the other, 0 to 1; null without heat. */
  hottestOverlap: number | null;
  /** Distance of the centres of mass in pixels; null when a map has no heat. */
  centreShift: number | null;
}

/** A place in a map: row and column of a pixel's centre, counted from 0. */
export interface Centre {
  row: number;
  column: number;
}

/** Where the heat of a map lies: the shares of its left and right half, 1 together; null without heat. */
export interface Halves {
  left: number;
  right: number;
}

/** The centre of mass of a map; null when it has no heat. */
export function centreOfMass({ width, values }: HeatMap): Centre | null {
  let total = 0;
  let rows = 0;
  let columns = 0;
  values.forEach((value, i) => {
    total += value;
    rows += value * Math.floor(i / width);
    columns += value * (i % width);
  });
  return total === 0 ? null : { row: rows / total, column: columns / total };
}

/** Shares of the heat in the left and the right half; the middle column of an odd width counts half to each side. */
export function heatByHalf({ width, values }: HeatMap): Halves | null {
  let left = 0;
  let right = 0;
  values.forEach((value, i) => {
    const side = 2 * (i % width) + 1 - width;
    if (side <= 0) left += side === 0 ? value / 2 : value;
    if (side >= 0) right += side === 0 ? value / 2 : value;
  });
  const total = left + right;
  return total === 0 ? null : { left: left / total, right: right / total };
}

/** Indices of the hottest tenth, at least one: by value, of equals the lower index first. */
function hottestTenth(values: Float32Array): Set<number> {
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
  return new Set(order.slice(0, Math.ceil(values.length / 10)));
}

function overlapOfHottest(a: Float32Array, b: Float32Array): number | null {
  const hot = (value: number) => value > 0;
  if (!a.some(hot) || !b.some(hot)) return null;
  const there = hottestTenth(b);
  const both = [...hottestTenth(a)].filter((index) => there.has(index)).length;
  return both / there.size;
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation of two maps, by their means first; null when either has one value everywhere. */
function correlation(a: Float32Array, b: Float32Array): number | null {
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let covariance = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const dA = value - meanA;
    const dB = b[i]! - meanB;
    covariance += dA * dB;
    squaresA += dA * dA;
    squaresB += dB * dB;
  });
  const constant = (values: Float32Array) => values.every((value) => value === values[0]);
  return constant(a) || constant(b) ? null : covariance / (Math.sqrt(squaresA) * Math.sqrt(squaresB));
}

function shiftOf(a: HeatMap, b: HeatMap): number | null {
  const [from, to] = [centreOfMass(a), centreOfMass(b)];
  if (from === null || to === null) return null;
  const rows = to.row - from.row;
  const columns = to.column - from.column;
  return Math.sqrt(rows * rows + columns * columns);
}

/**
 * The measures of two maps of one size, at least 7 x 7. Throws ShapeError for two sizes or a smaller one.
 * Example: `stability(resizeHeat(runtime, first, [180, 180]), resizeHeat(runtime, second, [180, 180]))`.
 */
export function stability(a: HeatMap, b: HeatMap): Stability {
  if (a.height !== b.height || a.width !== b.width) {
    const expected = `two maps of one size ${show([a.height, a.width])}`;
    throw new ShapeError({ who: 'stability', expected, got: show([b.height, b.width]) });
  }
  return {
    sameBits: a.values.every((value, i) => Object.is(value, b.values[i])),
    pearson: correlation(a.values, b.values),
    ssim: structuralSimilarity(a, b),
    hottestOverlap: overlapOfHottest(a.values, b.values),
    centreShift: shiftOf(a, b),
  };
}

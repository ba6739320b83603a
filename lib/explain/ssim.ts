/**
 * Structural similarity of two maps: Wang, Bovik, Sheikh and Simoncelli (2004), "Image quality assessment", with the
 * constants K1 = 0.01, K2 = 0.03 and the range L = 1 of heat. As in scikit-image's default, every window of 7 x 7 that
 * lies inside counts alike, with variances over n - 1, and the mean over all windows is taken.
 */
import { ShapeError, show } from '../errors/index.js';
import type { HeatMap } from './heat_map.js';

const side = 7;
const count = side * side;
const c1 = 0.01 * 0.01;
const c2 = 0.03 * 0.03;

/** Calls `visit` with the index of every place of the window whose top left place is (row, column), in ascending order. */
function forWindow(width: number, row: number, column: number, visit: (index: number) => void): void {
  for (let y = row; y < row + side; y++) for (let x = column; x < column + side; x++) visit(y * width + x);
}

/** Means first, then the sums of products of distances from them, so that equal windows give exactly 1. */
function similarityAt(a: HeatMap, b: HeatMap, row: number, column: number): number {
  let sumA = 0;
  let sumB = 0;
  forWindow(a.width, row, column, (i) => {
    sumA += a.values[i]!;
    sumB += b.values[i]!;
  });
  const meanA = sumA / count;
  const meanB = sumB / count;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  forWindow(a.width, row, column, (i) => {
    const dA = a.values[i]! - meanA;
    const dB = b.values[i]! - meanB;
    squaresA += dA * dA;
    squaresB += dB * dB;
    products += dA * dB;
  });
  const luminance = (2 * meanA * meanB + c1) / (meanA * meanA + meanB * meanB + c1);
  const variances = squaresA / (count - 1) + squaresB / (count - 1);
  return luminance * ((2 * (products / (count - 1)) + c2) / (variances + c2));
}

/** The mean structural similarity of two maps of one size. Throws ShapeError when a side is shorter than 7. */
export function structuralSimilarity(a: HeatMap, b: HeatMap): number {
  const { height, width } = a;
  if (height < side || width < side) {
    const expected = `maps of at least ${side} x ${side}`;
    throw new ShapeError({ who: 'structuralSimilarity', expected, got: show([height, width]) });
  }
  let sum = 0;
  for (let row = 0; row + side <= height; row++) {
    for (let column = 0; column + side <= width; column++) sum += similarityAt(a, b, row, column);
  }
  return sum / ((height - side + 1) * (width - side + 1));
}

// The float64 judges of layer and group normalization and of l2Normalize: the textbook formula, row by row.

import type { Values } from '../cases/case.js';

/** Which row each value belongs to, and which gamma and beta it takes. */
export interface Rows {
  rows: number;
  rowOf(i: number): number;
  parameterOf(i: number): number;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The last `axes` axes are a row. */
export function layerRows(shape: readonly number[], axes: number): Rows {
  const length = product(shape.slice(shape.length - axes));
  return { rows: product(shape) / length, rowOf: (i) => Math.floor(i / length), parameterOf: (i) => i % length };
}

/** Neighbouring channels of a sample are a row. */
export function groupRows(shape: readonly number[], groups: number): Rows {
  const channels = shape.at(-1)!;
  const sample = product(shape.slice(1));
  const rowOf = (i: number) => Math.floor(i / sample) * groups + Math.floor(((i % channels) * groups) / channels);
  return { rows: shape[0]! * groups, rowOf, parameterOf: (i) => i % channels };
}

function sums(x: Values, { rows, rowOf }: Rows, term: (value: number, row: number) => number): Float64Array {
  const all = new Float64Array(rows);
  x.data.forEach((value, i) => {
    all[rowOf(i)]! += term(value, rowOf(i));
  });
  return all;
}

export interface Given {
  x: Values;
  gamma: Values | null;
  beta: Values | null;
}

export function normalize({ x, gamma, beta }: Given, rows: Rows, epsilon: number): Values {
  const count = x.data.length / rows.rows;
  const means = sums(x, rows, (value) => value).map((sum) => sum / count);
  const variances = sums(x, rows, (value, row) => (value - means[row]!) ** 2).map((sum) => sum / count);
  const data = x.data.map((value, i) => {
    const row = rows.rowOf(i);
    const normal = (value - means[row]!) / Math.sqrt(variances[row]! + epsilon);
    return normal * (gamma?.data[rows.parameterOf(i)] ?? 1) + (beta?.data[rows.parameterOf(i)] ?? 0);
  });
  return { shape: x.shape, data };
}

export function l2Normalize(x: Values, rows: Rows, epsilon: number): Values {
  const lengths = sums(x, rows, (value) => value * value).map((sum) => Math.max(Math.sqrt(sum), epsilon));
  return { shape: x.shape, data: x.data.map((value, i) => value / lengths[rows.rowOf(i)]!) };
}

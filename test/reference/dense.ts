// The float64 judge of dense: [n, i] x [i, o].

import type { Values } from '../cases/case.js';

export function dense(x: Values, weight: Values, bias?: Values): Values {
  const [n, i] = x.shape as [number, number];
  const o = weight.shape[1]!;
  const data = new Float64Array(n * o);
  for (let row = 0; row < n; ++row)
    for (let column = 0; column < o; ++column) {
      let sum = bias?.data[column] ?? 0;
      for (let k = 0; k < i; ++k) sum += x.data[row * i + k]! * weight.data[k * o + column]!;
      data[row * o + column] = sum;
    }
  return { shape: [n, o], data };
}

/** Gradients of the input, the weight and the bias. */
export function denseGradients(x: Values, weight: Values, dy: Values): [Values, Values, Values] {
  const [n, i] = x.shape as [number, number];
  const o = weight.shape[1]!;
  const dx = new Float64Array(n * i);
  const dw = new Float64Array(i * o);
  const db = new Float64Array(o);
  for (let row = 0; row < n; ++row)
    for (let column = 0; column < o; ++column) {
      const upstream = dy.data[row * o + column]!;
      db[column]! += upstream;
      for (let k = 0; k < i; ++k) {
        dx[row * i + k]! += upstream * weight.data[k * o + column]!;
        dw[k * o + column]! += upstream * x.data[row * i + k]!;
      }
    }
  return [
    { shape: x.shape, data: dx },
    { shape: weight.shape, data: dw },
    { shape: [o], data: db },
  ];
}

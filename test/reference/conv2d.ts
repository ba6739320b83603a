// The float64 judge of conv2d: NHWC input, HWIO weight. Slow and obvious; taps outside are skipped.

import type { Values } from '../cases/case.js';
import { type Conv2dGeometry, forEachTap } from '../support/geometry.js';

/**
 * Calls `visit` for every input channel that a tap of an output place reads: the place of its value, and where the products with
 * `count` weights and outputs that lie beside each other begin.
 */
function forEachRow(g: Conv2dGeometry, visit: (x: number, weight: number, y: number, count: number) => void): void {
  const groupIn = g.ci / g.groups;
  const groupOut = g.co / g.groups;
  for (let n = 0; n < g.n; ++n)
    for (let oh = 0; oh < g.oh; ++oh)
      for (let ow = 0; ow < g.ow; ++ow)
        forEachTap(g, oh, ow, (kh, kw, row, column) => {
          const [x, y] = [((n * g.h + row) * g.w + column) * g.ci, ((n * g.oh + oh) * g.ow + ow) * g.co];
          for (let ci = 0; ci < g.ci; ++ci) {
            const first = Math.floor(ci / groupIn) * groupOut;
            visit(x + ci, ((kh * g.kw + kw) * groupIn + (ci % groupIn)) * g.co + first, y + first, groupOut);
          }
        });
}

const outputShape = (g: Conv2dGeometry): number[] => [g.n, g.oh, g.ow, g.co];

export function conv2d(g: Conv2dGeometry, x: Values, weight: Values, bias?: Values): Values {
  const shape = outputShape(g);
  const data = Float64Array.from({ length: g.n * g.oh * g.ow * g.co }, (_, i) => bias?.data[i % g.co] ?? 0);
  forEachRow(g, (i, j, k, count) => {
    for (let o = 0; o < count; ++o) data[k + o]! += x.data[i]! * weight.data[j + o]!;
  });
  return { shape, data };
}

/** Gradients of the input, the weight and the bias. */
export function conv2dGradients(g: Conv2dGeometry, x: Values, weight: Values, dy: Values): [Values, Values, Values] {
  const dx = new Float64Array(x.data.length);
  const dw = new Float64Array(weight.data.length);
  const db = new Float64Array(g.co);
  forEachRow(g, (i, j, k, count) => {
    for (let o = 0; o < count; ++o) {
      dx[i]! += dy.data[k + o]! * weight.data[j + o]!;
      dw[j + o]! += dy.data[k + o]! * x.data[i]!;
    }
  });
  dy.data.forEach((value, k) => {
    db[k % g.co]! += value;
  });
  return [
    { shape: x.shape, data: dx },
    { shape: weight.shape, data: dw },
    { shape: [g.co], data: db },
  ];
}

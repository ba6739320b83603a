// The float64 judge of conv2d: NHWC input, HWIO weight. Slow and obvious; taps outside are skipped.

import type { Values } from '../cases/case.js';
import { type Conv2dGeometry, forEachTap } from '../support/geometry.js';

/** Calls `visit` for every product of the convolution with the three places it touches. */
function forEachProduct(g: Conv2dGeometry, visit: (x: number, weight: number, y: number) => void): void {
  const groupIn = g.ci / g.groups;
  const groupOut = g.co / g.groups;
  for (let n = 0; n < g.n; ++n)
    for (let oh = 0; oh < g.oh; ++oh)
      for (let ow = 0; ow < g.ow; ++ow)
        forEachTap(g, oh, ow, (kh, kw, row, column) => {
          for (let co = 0; co < g.co; ++co) {
            const first = Math.floor(co / groupOut) * groupIn;
            for (let ci = 0; ci < groupIn; ++ci) {
              const x = ((n * g.h + row) * g.w + column) * g.ci + first + ci;
              visit(x, ((kh * g.kw + kw) * groupIn + ci) * g.co + co, ((n * g.oh + oh) * g.ow + ow) * g.co + co);
            }
          }
        });
}

const outputShape = (g: Conv2dGeometry): number[] => [g.n, g.oh, g.ow, g.co];

export function conv2d(g: Conv2dGeometry, x: Values, weight: Values, bias?: Values): Values {
  const shape = outputShape(g);
  const data = Float64Array.from({ length: g.n * g.oh * g.ow * g.co }, (_, i) => bias?.data[i % g.co] ?? 0);
  forEachProduct(g, (i, j, k) => {
    data[k]! += x.data[i]! * weight.data[j]!;
  });
  return { shape, data };
}

/** Gradients of the input, the weight and the bias. */
export function conv2dGradients(g: Conv2dGeometry, x: Values, weight: Values, dy: Values): [Values, Values, Values] {
  const dx = new Float64Array(x.data.length);
  const dw = new Float64Array(weight.data.length);
  const db = new Float64Array(g.co);
  forEachProduct(g, (i, j, k) => {
    dx[i]! += dy.data[k]! * weight.data[j]!;
    dw[j]! += dy.data[k]! * x.data[i]!;
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

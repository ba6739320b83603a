// The float64 judges of max and average pooling, NHWC; taps outside are skipped, and counted where the geometry says so.

import type { Values } from '../cases/case.js';
import { forEachTap, type Pool2dGeometry } from '../support/geometry.js';

/** How many of a window's places lie between `-before` and `size + behind`. */
const along = (first: number, taps: number, size: number, before: number, behind: number) =>
  Array.from({ length: taps }, (_, tap) => first + tap).filter((at) => at >= -before && at < size + behind).length;

/** Calls `visit` for every output with the places of its taps inside the input, in ascending (kh, kw), and how many count. */
function forEachWindow(g: Pool2dGeometry, visit: (output: number, taps: number[], count: number) => void): void {
  const [top, bottom, left, right] = g.counted ?? [0, 0, 0, 0];
  for (let n = 0; n < g.n; ++n)
    for (let oh = 0; oh < g.oh; ++oh)
      for (let ow = 0; ow < g.ow; ++ow)
        for (let c = 0; c < g.c; ++c) {
          const taps: number[] = [];
          forEachTap(g, oh, ow, (_kh, _kw, row, column) => {
            taps.push(((n * g.h + row) * g.w + column) * g.c + c);
          });
          const rows = along(oh * g.strideH - g.padTop, g.kh, g.h, top, bottom);
          const columns = along(ow * g.strideW - g.padLeft, g.kw, g.w, left, right);
          visit(((n * g.oh + oh) * g.ow + ow) * g.c + c, taps, rows * columns);
        }
}

const empty = (g: Pool2dGeometry): Values => ({
  shape: [g.n, g.oh, g.ow, g.c],
  data: new Float64Array(g.n * g.oh * g.ow * g.c),
});

/** The place of the largest value; the lowest place of equals. */
const winner = (x: Values, taps: number[]): number =>
  taps.reduce((best, tap) => (x.data[tap]! > x.data[best]! ? tap : best));

export function maxPool2d(g: Pool2dGeometry, x: Values): Values {
  const y = empty(g);
  forEachWindow(g, (output, taps) => {
    y.data[output] = x.data[winner(x, taps)]!;
  });
  return y;
}

export function maxPool2dGradient(g: Pool2dGeometry, x: Values, dy: Values): Values {
  const dx = { shape: x.shape, data: new Float64Array(x.data.length) };
  forEachWindow(g, (output, taps) => {
    dx.data[winner(x, taps)]! += dy.data[output]!;
  });
  return dx;
}

export function averagePool2d(g: Pool2dGeometry, x: Values): Values {
  const y = empty(g);
  forEachWindow(g, (output, taps, count) => {
    y.data[output] = taps.reduce((sum, tap) => sum + x.data[tap]!, 0) / count;
  });
  return y;
}

export function averagePool2dGradient(g: Pool2dGeometry, x: Values, dy: Values): Values {
  const dx = { shape: x.shape, data: new Float64Array(x.data.length) };
  forEachWindow(g, (output, taps, count) => {
    for (const tap of taps) dx.data[tap]! += dy.data[output]! / count;
  });
  return dx;
}

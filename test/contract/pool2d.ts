// max_pool2d and average_pool2d of docs/contract.md, NHWC.

import { forEachReader, forEachTap, type Pool2dGeometry } from '../support/geometry.js';
import { add, div } from './float32.js';
import { countAsFloat } from './order.js';

const inputAt = (g: Pool2dGeometry, n: number, row: number, column: number, c: number): number =>
  ((n * g.h + row) * g.w + column) * g.c + c;
const outputAt = (g: Pool2dGeometry, n: number, oh: number, ow: number, c: number): number =>
  ((n * g.oh + oh) * g.ow + ow) * g.c + c;

/** Calls `compute` for every output and stores what it returns. */
function eachOutput(g: Pool2dGeometry, compute: (n: number, oh: number, ow: number, c: number) => number) {
  const y = new Float32Array(g.n * g.oh * g.ow * g.c);
  for (let n = 0; n < g.n; ++n)
    for (let oh = 0; oh < g.oh; ++oh)
      for (let ow = 0; ow < g.ow; ++ow)
        for (let c = 0; c < g.c; ++c) y[outputAt(g, n, oh, ow, c)] = compute(n, oh, ow, c);
  return y;
}

/** Calls `compute` for every input element and stores what it returns. */
function eachInput(g: Pool2dGeometry, compute: (n: number, row: number, column: number, c: number) => number) {
  const dx = new Float32Array(g.n * g.h * g.w * g.c);
  for (let n = 0; n < g.n; ++n)
    for (let row = 0; row < g.h; ++row)
      for (let column = 0; column < g.w; ++column)
        for (let c = 0; c < g.c; ++c) dx[inputAt(g, n, row, column, c)] = compute(n, row, column, c);
  return dx;
}

/** The winning tap of a window: the first is best; a later one when larger, or NaN where the best is not. */
function winner(g: Pool2dGeometry, x: Float32Array, n: number, oh: number, ow: number, c: number) {
  let best: { value: number; row: number; column: number } | undefined;
  forEachTap(g, oh, ow, (_kh, _kw, row, column) => {
    const value = x[inputAt(g, n, row, column, c)]!;
    const better = best === undefined || value > best.value || (Number.isNaN(value) && !Number.isNaN(best.value));
    if (better) best = { value, row, column };
  });
  return best as { value: number; row: number; column: number } | undefined;
}

export function maxPool2d(g: Pool2dGeometry, x: Float32Array): Float32Array {
  return eachOutput(g, (n, oh, ow, c) => winner(g, x, n, oh, ow, c)!.value);
}

/** dx gathers, ascending (oh, ow), dy of the windows it won. */
export function maxPool2dGradient(g: Pool2dGeometry, x: Float32Array, dy: Float32Array): Float32Array {
  return eachInput(g, (n, row, column, c) => {
    let chain = 0;
    forEachReader(g, row, column, (oh, ow) => {
      const best = winner(g, x, n, oh, ow, c)!;
      if (best.row === row && best.column === column) chain = add(chain, dy[outputAt(g, n, oh, ow, c)]!);
    });
    return chain;
  });
}

/** The places of a window in the picture and in the padding that counts. */
function placesOf(g: Pool2dGeometry, oh: number, ow: number): number {
  const [top, bottom, left, right] = g.counted ?? [0, 0, 0, 0];
  const wider = {
    ...g,
    padTop: g.padTop - top,
    padLeft: g.padLeft - left,
    h: g.h + top + bottom,
    w: g.w + left + right,
  };
  let count = 0;
  forEachTap(wider, oh, ow, () => {
    ++count;
  });
  return countAsFloat(count);
}

/** Chain of adds ascending (kh, kw) over the taps inside, divided by their number and that of the padding that counts. */
export function averagePool2d(g: Pool2dGeometry, x: Float32Array): Float32Array {
  return eachOutput(g, (n, oh, ow, c) => {
    let chain = 0;
    forEachTap(g, oh, ow, (_kh, _kw, row, column) => {
      chain = add(chain, x[inputAt(g, n, row, column, c)]!);
    });
    return div(chain, placesOf(g, oh, ow));
  });
}

/** dx gathers, ascending (oh, ow), dy / count. */
export function averagePool2dGradient(g: Pool2dGeometry, dy: Float32Array): Float32Array {
  return eachInput(g, (n, row, column, c) => {
    let chain = 0;
    forEachReader(g, row, column, (oh, ow) => {
      chain = add(chain, div(dy[outputAt(g, n, oh, ow, c)]!, placesOf(g, oh, ow)));
    });
    return chain;
  });
}

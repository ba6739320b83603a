// The geometry of a window from the options a user writes, worked out by itself: TensorFlow's 'same', sizes by counting.

import type { Padding, Pair } from '../../lib/index.js';
import type { WindowGeometry } from './geometry.js';

export interface Window {
  kernel: readonly [number, number];
  strides?: Pair;
  dilations?: Pair;
  padding?: Padding;
}

const both = (pair: Pair): readonly [number, number] => (typeof pair === 'number' ? [pair, pair] : pair);

function axis(size: number, taps: number, stride: number, dilation: number, padding: Padding, place: 0 | 2) {
  const extent = (taps - 1) * dilation + 1;
  let before = 0;
  let after = 0;
  if (padding === 'same') {
    let outputs = 0;
    while (outputs * stride < size) ++outputs;
    const missing = (outputs - 1) * stride + extent - size;
    while (before + after < missing) {
      if (after <= before) ++after;
      else ++before;
    }
  } else if (padding !== 'valid') {
    before = padding[place];
    after = padding[place + 1]!;
  }
  let outputs = 0;
  while (outputs * stride + extent <= size + before + after) ++outputs;
  return { before, outputs };
}

/** Where a window over [n, h, w] lies. */
export function windowGeometry(n: number, h: number, w: number, window: Window): WindowGeometry {
  const { kernel, strides = 1, dilations = 1, padding = 'valid' } = window;
  const [strideH, strideW] = both(strides);
  const [dilationH, dilationW] = both(dilations);
  const [kh, kw] = kernel;
  const down = axis(h, kh, strideH, dilationH, padding, 0);
  const across = axis(w, kw, strideW, dilationW, padding, 2);
  const place = { padTop: down.before, padLeft: across.before, oh: down.outputs, ow: across.outputs };
  return { n, h, w, kh, kw, strideH, strideW, dilationH, dilationW, ...place };
}

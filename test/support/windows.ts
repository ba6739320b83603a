// The geometry of a window from the options a user writes, worked out by itself: TensorFlow's 'same', sizes by counting.

import type { Padding, Pair } from '../../lib/index.js';
import type { WindowGeometry } from './geometry.js';

export interface Window {
  kernel: readonly [number, number];
  strides?: Pair;
  dilations?: Pair;
  padding?: Padding;
  /** Of poolings: also a last window that ends behind the padding, where it begins before the padding behind does. */
  ceilMode?: boolean;
}

const both = (pair: Pair): readonly [number, number] => (typeof pair === 'number' ? [pair, pair] : pair);

function axis(
  size: number,
  { taps, stride, dilation }: { taps: number; stride: number; dilation: number },
  { padding, ceilMode, place }: { padding: Padding; ceilMode: boolean; place: 0 | 2 },
) {
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
  const ended = () => (outputs - 1) * stride + extent >= size + before + after;
  while (ceilMode && !ended() && outputs * stride < size + before) ++outputs;
  return { before, after, outputs };
}

/** Where a window over [n, h, w] lies, with the padding behind that was asked for. */
export function windowGeometry(
  n: number,
  h: number,
  w: number,
  window: Window,
): WindowGeometry & { padBottom: number; padRight: number } {
  const { kernel, strides = 1, dilations = 1, padding = 'valid', ceilMode = false } = window;
  const [strideH, strideW] = both(strides);
  const [dilationH, dilationW] = both(dilations);
  const [kh, kw] = kernel;
  const down = axis(h, { taps: kh, stride: strideH, dilation: dilationH }, { padding, ceilMode, place: 0 });
  const across = axis(w, { taps: kw, stride: strideW, dilation: dilationW }, { padding, ceilMode, place: 2 });
  const pads = { padTop: down.before, padBottom: down.after, padLeft: across.before, padRight: across.after };
  const place = { ...pads, oh: down.outputs, ow: across.outputs };
  return { n, h, w, kh, kw, strideH, strideW, dilationH, dilationW, ...place };
}

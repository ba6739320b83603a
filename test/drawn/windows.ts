// Windows drawn at random: kernel, stride, dilation, padding and size of each axis by itself, so that every relation between
// them comes up: gaps, windows that end with the input, windows in the padding alone, taps that no input meets.

import type { Padding } from '../../lib/index.js';
import type { Drawer } from './drawer.js';
import { until } from './drawer.js';

interface Axis {
  size: number;
  taps: number;
  stride: number;
  dilation: number;
  before: number;
  after: number;
}

export interface DrawnWindow {
  size: [number, number];
  kernel: [number, number];
  strides: [number, number];
  dilations: [number, number];
  padding: Padding;
}

const fits = (axis: Axis, before: number, after: number) =>
  (axis.taps - 1) * axis.dilation + 1 <= axis.size + before + after;

interface Limits {
  dilated: boolean;
  /** Padding smaller than the kernel, as pooling wants it. */
  short?: boolean;
  /** Taps that are drawn more often than others. */
  usual: readonly number[];
}

function drawAxis(draw: Drawer, { dilated, short, usual }: Limits, wide: boolean): Axis {
  const size = wide ? draw.int(12, 24) : draw.int(1, 9);
  const taps = draw.once(2) ? draw.pick(usual) : draw.int(1, 5);
  const stride = draw.pick([1, 1, 1, 2, 2, 3, 4, 5]);
  const dilation = dilated ? draw.pick([1, 1, 1, 2, 3, 4]) : 1;
  // As wide as the input and more, unless it has to be short.
  const most = short ? taps - 1 : draw.pick([0, 1, 2, taps, size, size + 2]);
  return { size, taps, stride, dilation, before: draw.int(0, most), after: draw.int(0, most) };
}

/** One window; `wide` axes have more positions than a chunk of a sum. */
export function drawWindow(draw: Drawer, limits: Limits, wide = false): DrawnWindow {
  // A square window as a user writes it, half of the time.
  const square = draw.once(2);
  const padding = draw.pick(['valid', 'same', 'drawn', 'drawn'] as const);
  const accepted = ([h, w]: [Axis, Axis]) =>
    [h, w].every(
      (axis) =>
        padding === 'same' ||
        fits(axis, ...((padding === 'valid' ? [0, 0] : [axis.before, axis.after]) as [number, number])),
    );
  const [h, w] = until((): [Axis, Axis] => {
    const first = drawAxis(draw, limits, wide);
    const second = drawAxis(draw, limits, wide);
    const { taps, stride, dilation } = first;
    const same = { ...second, taps, stride, dilation };
    if (limits.short)
      Object.assign(same, { before: Math.min(same.before, taps - 1), after: Math.min(same.after, taps - 1) });
    return [first, square ? same : second];
  }, accepted);
  return {
    size: [h.size, w.size],
    kernel: [h.taps, w.taps],
    strides: [h.stride, w.stride],
    dilations: [h.dilation, w.dilation],
    padding: padding === 'drawn' ? [h.before, h.after, w.before, w.after] : padding,
  };
}

// Both poolings on drawn windows: usual ones, any others, and windows wide or high alone, beyond the taps that can be noted. Some
// are dilated (of max pooling alone), have a last window cut short, or count their padding (of average pooling alone).

import { tables } from '../cases/pool2d.js';
import { forEachTap, type WindowGeometry } from '../support/geometry.js';
import { windowGeometry } from '../support/windows.js';
import { type Drawer, until } from './drawer.js';
import type { DrawnTable } from './index.js';
import { type DrawnWindow, drawWindow } from './windows.js';

const kMostNoted = 255;
const kMostTerms = 8_000;

/** A window along one axis alone, of about as many taps as can be noted. */
function drawLong(draw: Drawer): DrawnWindow {
  const [along, beside] = draw.once(2) ? [0, 1] : [1, 0];
  const kernel: [number, number] = [1, 1];
  const size: [number, number] = [1, 1];
  kernel[along] = draw.int(kMostNoted - 2, kMostNoted + 5);
  size[along] = kernel[along]! + draw.int(0, 6);
  size[beside] = draw.int(1, 3);
  return { size, kernel, strides: [draw.int(1, 3), draw.int(1, 3)], dilations: [1, 1], padding: 'valid' };
}

/** Whether every window reads an input. */
function readsAll(g: WindowGeometry): boolean {
  for (let oh = 0; oh < g.oh; ++oh)
    for (let ow = 0; ow < g.ow; ++ow) {
      let taps = 0;
      forEachTap(g, oh, ow, () => ++taps);
      if (taps === 0) return false;
    }
  return true;
}

const poolOf = (isMax: boolean) => (draw: Drawer) => {
  const ceilMode = draw.once(4);
  const { window, n, c } = until(
    () => ({
      window: draw.once(40)
        ? drawLong(draw)
        : drawWindow(draw, { dilated: isMax && draw.once(3), short: true, usual: [2, 3] }),
      n: draw.pick([1, 1, 2, 3]),
      c: draw.channels(),
    }),
    ({ window: { size, ...window }, n, c }) => {
      const g = windowGeometry(n, ...size, { ...window, ceilMode });
      return n * g.oh * g.ow * g.kh * g.kw * c <= kMostTerms && readsAll(g);
    },
  );
  const { size, kernel, strides, padding, dilations } = window;
  const shape = [n, ...size, c];
  const own = isMax ? { dilations } : { countPadding: draw.once(3) };
  const settings = { poolSize: kernel, strides, padding, ceilMode, ...own };
  return {
    name: `[${shape}] ${JSON.stringify(settings)}`,
    inputs: [{ name: 'x', shape, draw: draw.pick(['normal', 'ties'] as const) }],
    settings,
  };
};

export const pools: DrawnTable[] = tables.map((table, i) => ({ table, draw: poolOf(i === 0), share: i === 0 ? 7 : 4 }));

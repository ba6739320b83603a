// Both poolings on drawn windows: usual ones, any others, and windows wide or high alone, beyond the taps that can be noted.

import { tables } from '../cases/pool2d.js';
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

const poolOf = (draw: Drawer) => {
  const { window, n, c } = until(
    () => ({
      window: draw.once(40) ? drawLong(draw) : drawWindow(draw, { dilated: false, short: true, usual: [2, 3] }),
      n: draw.pick([1, 1, 2, 3]),
      c: draw.channels(),
    }),
    ({ window: { size, kernel, strides, padding }, n, c }) => {
      const g = windowGeometry(n, ...size, { kernel, strides, padding });
      return n * g.oh * g.ow * g.kh * g.kw * c <= kMostTerms;
    },
  );
  const { size, kernel, strides, padding } = window;
  const shape = [n, ...size, c];
  const settings = { poolSize: kernel, strides, padding };
  return {
    name: `[${shape}] ${JSON.stringify(settings)}`,
    inputs: [{ name: 'x', shape, draw: draw.pick(['normal', 'ties'] as const) }],
    settings,
  };
};

export const pools: DrawnTable[] = tables.map((table, i) => ({ table, draw: poolOf, share: i === 0 ? 7 : 4 }));

/**
 * Heat maps as pictures, in arithmetic that leaves no bit to the machine: the colour map in doubles by + - * / in the
 * order written here, the overlay in integers.
 */
import type { Rgb } from '../data/index.js';
import { ShapeError, show } from '../errors/index.js';
import type { HeatMap } from './heat_map.js';

/** Corners (place, value) between which a channel of the colour map is a straight line. */
type Corners = readonly (readonly [place: number, value: number])[];

/** The colour map `jet` of matplotlib (`_jet_data` in lib/matplotlib/_cm.py): blue for cold, red for hot. */
const jetCorners: readonly Corners[] = [
  [
    [0, 0],
    [0.35, 0],
    [0.66, 1],
    [0.89, 1],
    [1, 0.5],
  ],
  [
    [0, 0],
    [0.125, 0],
    [0.375, 1],
    [0.64, 1],
    [0.91, 0],
    [1, 0],
  ],
  [
    [0, 0.5],
    [0.11, 1],
    [0.34, 1],
    [0.65, 0],
    [1, 0],
  ],
];

/** `y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)` between the corners around x. */
function between(corners: Corners, x: number): number {
  const right = corners.findIndex(([place]) => place >= x);
  const [x1, y1] = corners[right]!;
  if (right === 0) return y1;
  const [x0, y0] = corners[right - 1]!;
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

const levels = 256;

/** `jet` in 256 steps `[256, 3]`: step i is read at i / 255, times 255, halves rounded up. */
export const jet: Uint8Array = Uint8Array.from({ length: 3 * levels }, (_, i) => {
  const x = Math.floor(i / 3) / (levels - 1);
  return Math.floor(255 * between(jetCorners[i % 3]!, x) + 0.5);
});

/** A heat map in the colours of `jet`; the step of a value is `floor(255 * value)`. */
export function colourHeat({ height, width, values }: HeatMap): Rgb {
  const pixels = new Uint8Array(3 * values.length);
  values.forEach((value, i) => {
    // A float times 255 is exact in double. What lies outside 0 to 1 takes the colour of the end.
    const step = Math.max(0, Math.min(levels - 1, Math.floor(255 * value)));
    pixels.set(jet.subarray(3 * step, 3 * step + 3), 3 * i);
  });
  return { height, width, pixels };
}

/**
 * A heat map laid over its picture as Chollet's listing does it: 0.4 times the colours plus the picture, then all values
 * brought into 0 to 255 by their minimum and maximum. In integers: `v = 2 * colour + 5 * picture`, then
 * `floor(255 * (v - min) / (max - min))`; 0 everywhere if all are equal. Throws ShapeError unless both have one size.
 * Example: `overlay(picture, resizeHeat(runtime, heat, [picture.height, picture.width]))`.
 */
export function overlay(picture: Rgb, heat: HeatMap): Rgb {
  const { height, width } = picture;
  if (heat.height !== height || heat.width !== width) {
    const expected = `heat ${show([height, width])}, the size of the picture`;
    throw new ShapeError({ who: 'overlay', expected, got: show([heat.height, heat.width]) });
  }
  const colours = colourHeat(heat).pixels;
  const mixed = Uint16Array.from(colours, (colour, i) => 2 * colour + 5 * picture.pixels[i]!);
  const low = mixed.reduce((a, b) => Math.min(a, b));
  const range = mixed.reduce((a, b) => Math.max(a, b)) - low;
  // A quotient of small integers is rounded to an integer only when it is one, so floor is exact.
  const pixels = Uint8Array.from(mixed, (value) => (range === 0 ? 0 : Math.floor((255 * (value - low)) / range)));
  return { height, width, pixels };
}

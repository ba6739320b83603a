/**
 * Heat maps as pictures, in arithmetic that leaves no bit to the machine: colour map and overlay are computed in whole
 * numbers, each quotient of which is far enough from the next whole number to be cut without doubt.
 */
import type { Rgb } from '../data/index.js';
import { ShapeError, show } from '../errors/index.js';
import type { HeatMap } from './heat_map.js';

/** Corners (place, value) in thousandths, between which a channel of the colour map is a straight line. */
type Corners = readonly (readonly [place: number, value: number])[];

/** The colour map `jet` of matplotlib (`_jet_data` in lib/matplotlib/_cm.py): blue for cold, red for hot. */
const jetCorners: readonly Corners[] = [
  [
    [0, 0],
    [350, 0],
    [660, 1000],
    [890, 1000],
    [1000, 500],
  ],
  [
    [0, 0],
    [125, 0],
    [375, 1000],
    [640, 1000],
    [910, 0],
    [1000, 0],
  ],
  [
    [0, 500],
    [110, 1000],
    [340, 1000],
    [650, 0],
    [1000, 0],
  ],
];

const top = 255;

/** `top` times the value of the line at step / top, halves rounded up; whole numbers, far below 2^53, until the floor. */
function byteAt(corners: Corners, step: number): number {
  const right = corners.findIndex(([place], i) => i > 0 && place * top >= step * 1000);
  const [x0, y0] = corners[right - 1]!;
  const [x1, y1] = corners[right]!;
  const above = top * (x1 - x0) * y0 + (y1 - y0) * (1000 * step - top * x0);
  const below = 1000 * (x1 - x0);
  return Math.floor((2 * above + below) / (2 * below));
}

/** `jet` in 256 steps `[256, 3]`: step i is the colour at i / 255, each channel times 255, halves rounded up. */
export const jet: Uint8Array = Uint8Array.from({ length: 3 * (top + 1) }, (_, i) =>
  byteAt(jetCorners[i % 3]!, Math.floor(i / 3)),
);

/** A heat map in the colours of `jet`; the step of a value is `floor(255 * value)`. */
export function colourHeat({ height, width, values }: HeatMap): Rgb {
  const pixels = new Uint8Array(3 * values.length);
  values.forEach((value, i) => {
    // A float times 255 is exact in double. What lies outside 0 to 1 takes the colour of the end.
    const step = Math.max(0, Math.min(top, Math.floor(top * value)));
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

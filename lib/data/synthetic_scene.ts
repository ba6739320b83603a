/**
 * Draws one picture of the synthetic set: a head before a cluttered, noisy background. Bears have round ears, cats
 * pointed ones, always; most bears have a light snout and most cats stripes; bears lean to warm colours and cats to cold
 * ones. Place, size, tilt, light, clutter and occlusion say nothing about the class. Only + - * / sqrt, comparisons and
 * floor on doubles, so every machine draws the same bytes.
 */

import { bar, Canvas, type Colour, disc, triangle } from './canvas.js';

/** Gives the next uniform number in [0, 1). */
export type Uniform = () => number;

/** Uniform in [low, high). */
export const between = (uniform: Uniform, low: number, high: number) => low + (high - low) * uniform();

const colour = (uniform: Uniform, low: number, high: number): Colour => [
  between(uniform, low, high),
  between(uniform, low, high),
  between(uniform, low, high),
];

/** A unit vector within about 80 degrees of `(0, -1)` for spread 1, by the rational points of the circle. */
export function tilt(uniform: Uniform, spread: number): readonly [number, number] {
  const t = between(uniform, -spread, spread) / 2.4;
  const d = 1 + t * t;
  return [(2 * t) / d, -(1 - t * t) / d];
}

/** A smooth random field: a coarse grid of uniform numbers, read bilinearly. */
export function field(uniform: Uniform, cells: number): (x: number, y: number) => number {
  const grid = Float64Array.from({ length: (cells + 1) * (cells + 1) }, uniform);
  return (x, y) => {
    const column = Math.min(cells - 1, Math.floor(x * cells));
    const row = Math.min(cells - 1, Math.floor(y * cells));
    const tx = x * cells - column;
    const ty = y * cells - row;
    const at = row * (cells + 1) + column;
    const top = grid[at]! + (grid[at + 1]! - grid[at]!) * tx;
    const low = grid[at + cells + 1]! + (grid[at + cells + 2]! - grid[at + cells + 1]!) * tx;
    return top + (low - top) * ty;
  };
}

function background(canvas: Canvas, uniform: Uniform): void {
  const { height, width, values } = canvas;
  const first = colour(uniform, 10, 115);
  const second = colour(uniform, 10, 115);
  const coarse = field(uniform, 4);
  const fine = field(uniform, 17);
  const weight = between(uniform, 0.2, 0.5);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = (column + 0.5) / width;
      const y = (row + 0.5) / height;
      const share = coarse(x, y) * (1 - weight) + fine(x, y) * weight;
      for (let c = 0; c < 3; c++) {
        values[(row * width + column) * 3 + c] = first[c]! + (second[c]! - first[c]!) * share;
      }
    }
  }
}

/** Discs, triangles and bars in equal measure, for both classes alike. */
function clutter(canvas: Canvas, uniform: Uniform, pieces: number): void {
  for (let i = 0; i < pieces; i++) {
    const x = uniform();
    const y = uniform();
    const [ux, uy] = tilt(uniform, 1);
    const size = between(uniform, 0.02, 0.07);
    const kind = Math.floor(uniform() * 3);
    const shape =
      kind === 0
        ? disc(x, y, size)
        : kind === 1
          ? triangle(x, y, ux, uy, size, size * 1.8)
          : bar(x, y, uy, -ux, size * 0.3, size * 3);
    canvas.paint(shape, colour(uniform, 10, 245), between(uniform, 0.5, 1));
  }
}

/** What the ears, the stripes of a cat and the snout of a bear are drawn with: a frame that leans with the head. */
interface Head {
  x: number;
  y: number;
  radius: number;
  /** The unit vector to the crown. */
  ux: number;
  uy: number;
}

/** The point `along` radii towards the crown and `across` radii to its right. */
function onHead({ x, y, radius, ux, uy }: Head, along: number, across: number): readonly [number, number] {
  return [x + (ux * along - uy * across) * radius, y + (uy * along + ux * across) * radius];
}

function ears(canvas: Canvas, uniform: Uniform, head: Head, pointed: boolean, shade: Colour): void {
  const size = head.radius * between(uniform, 0.5, 0.68);
  for (const side of [-1, 1]) {
    // Each ear sits on the rim, 38 to 50 degrees from the crown.
    const across = side * between(uniform, 0.62, 0.76);
    const along = Math.sqrt(1 - across * across);
    const [ex, ey] = onHead(head, along * 0.9, across * 0.9);
    const dx = head.ux * along - head.uy * across;
    const dy = head.uy * along + head.ux * across;
    const ear = pointed
      ? triangle(ex, ey, dx, dy, size, size * 2)
      : disc(ex + dx * size * 0.5, ey + dy * size * 0.5, size * 1.05);
    canvas.paint(ear, shade, 1);
  }
}

function face(canvas: Canvas, uniform: Uniform, head: Head, pointed: boolean, fur: Colour): void {
  const spot = (along: number, across: number, radius: number, paint: Colour, opacity: number) => {
    const [x, y] = onHead(head, along, across);
    canvas.paint(disc(x, y, radius * head.radius), paint, opacity);
  };
  const marked = uniform() < 0.75;
  const strength = between(uniform, 0.5, 1);
  if (marked && pointed) {
    const dark: Colour = [fur[0] * 0.4, fur[1] * 0.4, fur[2] * 0.4];
    for (const across of [-0.6, -0.3, 0, 0.3, 0.6]) {
      const [x, y] = onHead(head, 0.55 - across * across * 0.4, across);
      canvas.paint(bar(x, y, head.ux, head.uy, head.radius * 0.08, head.radius * 0.33), dark, strength);
    }
  } else if (marked) {
    spot(-0.4, 0, 0.5, [255, 250, 240], strength);
  }
  const dark = colour(uniform, 0, 60);
  spot(0.1, -0.38, 0.12, dark, 1);
  spot(0.1, 0.38, 0.12, dark, 1);
  spot(-0.35, 0, 0.16, dark, 1);
}

function animal(canvas: Canvas, uniform: Uniform, pointed: boolean): void {
  const radius = between(uniform, 0.18, 0.27);
  const x = between(uniform, 0.35, 0.65);
  const y = between(uniform, 0.42, 0.65);
  const [ux, uy] = tilt(uniform, 0.45);
  const head = { x, y, radius, ux, uy };
  const [red, green, blue] = colour(uniform, 125, 220);
  // Bears tend to warm colours and cats to cold ones, with a wide overlap.
  const warmth = pointed ? between(uniform, -60, 20) : between(uniform, -20, 60);
  const fur: Colour = [red + warmth, green, blue - warmth];
  const shade = between(uniform, -45, 25);
  ears(canvas, uniform, head, pointed, [fur[0] + shade, fur[1] + shade, fur[2] + shade]);
  canvas.paint(disc(x, y, radius), fur, 1);
  face(canvas, uniform, head, pointed, fur);
}

export interface Scene {
  height: number;
  width: number;
  /** Pointed ears, or round ones. */
  pointed: boolean;
  uniform: Uniform;
  /** Uniform in [0, 1) for value i of the picture. */
  pixelNoise: (index: number) => number;
}

/** Draws a picture as `[height, width, 3]` bytes. */
export function drawScene({ height, width, pointed, uniform, pixelNoise }: Scene): Uint8Array {
  const canvas = new Canvas(height, width);
  background(canvas, uniform);
  clutter(canvas, uniform, 6);
  animal(canvas, uniform, pointed);
  clutter(canvas, uniform, 2);
  const contrast = between(uniform, 0.7, 1.1);
  const light = between(uniform, -25, 25);
  const noise = between(uniform, 5, 30);
  const pixels = new Uint8Array(height * width * 3);
  for (let i = 0; i < pixels.length; i++) {
    const lit = (canvas.values[i]! - 127.5) * contrast + 127.5 + light + (pixelNoise(i) - 0.5) * noise;
    pixels[i] = Math.max(0, Math.min(255, Math.floor(lit + 0.5)));
  }
  return pixels;
}

/**
 * Draws one picture of the synthetic set: a head with two ears before a cluttered, noisy background. The ears are
 * pointed or round, which is the class; place, size, tilt, colours, light, clutter and occlusion say nothing about the
 * class. Only + - * / sqrt, comparisons and floor on doubles, so every machine draws the same bytes.
 */

/** Gives the next uniform number in [0, 1). */
export type Uniform = () => number;

type Colour = readonly [red: number, green: number, blue: number];

/** A shape: how far (in units of the picture's side) a point is inside it, negative outside; and its bounding circle. */
interface Shape {
  depth: (x: number, y: number) => number;
  x: number;
  y: number;
  reach: number;
}

const between = (uniform: Uniform, low: number, high: number) => low + (high - low) * uniform();

const colour = (uniform: Uniform, low: number, high: number): Colour => [
  between(uniform, low, high),
  between(uniform, low, high),
  between(uniform, low, high),
];

/** A unit vector within about 80 degrees of `(0, -1)` for spread 1, by the rational points of the circle. */
function tilt(uniform: Uniform, spread: number): readonly [number, number] {
  const t = between(uniform, -spread, spread) / 2.4;
  const d = 1 + t * t;
  return [(2 * t) / d, -(1 - t * t) / d];
}

function disc(x: number, y: number, radius: number): Shape {
  return {
    x,
    y,
    reach: radius,
    depth: (px, py) => radius - Math.sqrt((px - x) * (px - x) + (py - y) * (py - y)),
  };
}

/** An isosceles triangle standing on the middle `(x, y)` of its base, its tip `height` away in direction `(ux, uy)`. */
function triangle(x: number, y: number, ux: number, uy: number, halfBase: number, height: number): Shape {
  const slope = Math.sqrt(halfBase * halfBase + height * height);
  return {
    x: x + (ux * height) / 2,
    y: y + (uy * height) / 2,
    reach: halfBase + height,
    depth: (px, py) => {
      const along = (px - x) * ux + (py - y) * uy;
      const across = Math.abs((px - x) * -uy + (py - y) * ux);
      return Math.min(along, (halfBase * (height - along) - height * across) / slope);
    },
  };
}

/** A bar of the given half width through `(x, y)` in direction `(ux, uy)`. */
function bar(x: number, y: number, ux: number, uy: number, halfWidth: number, halfLength: number): Shape {
  return {
    x,
    y,
    reach: halfWidth + halfLength,
    depth: (px, py) => {
      const along = Math.abs((px - x) * ux + (py - y) * uy);
      const across = Math.abs((px - x) * -uy + (py - y) * ux);
      return Math.min(halfWidth - across, halfLength - along);
    },
  };
}

/** The picture as a canvas of doubles in 0..255, painted back to front. */
class Canvas {
  readonly values: Float64Array;

  constructor(
    readonly height: number,
    readonly width: number,
  ) {
    this.values = new Float64Array(height * width * 3);
  }

  /** Paints a shape with soft edges one pixel wide; `opacity` 1 hides what is behind. */
  paint(shape: Shape, [red, green, blue]: Colour, opacity: number): void {
    const { height, width, values } = this;
    const top = Math.max(0, Math.floor((shape.y - shape.reach) * height));
    const bottom = Math.min(height - 1, Math.floor((shape.y + shape.reach) * height) + 1);
    const left = Math.max(0, Math.floor((shape.x - shape.reach) * width));
    const right = Math.min(width - 1, Math.floor((shape.x + shape.reach) * width) + 1);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const depth = shape.depth((column + 0.5) / width, (row + 0.5) / height) * height + 0.5;
        if (depth <= 0) continue;
        const share = Math.min(1, depth) * opacity;
        const at = (row * width + column) * 3;
        values[at] = values[at]! + (red - values[at]!) * share;
        values[at + 1] = values[at + 1]! + (green - values[at + 1]!) * share;
        values[at + 2] = values[at + 2]! + (blue - values[at + 2]!) * share;
      }
    }
  }
}

/** A smooth random field: a coarse grid of uniform numbers, read bilinearly. */
function field(uniform: Uniform, cells: number): (x: number, y: number) => number {
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
  const first = colour(uniform, 20, 235);
  const second = colour(uniform, 20, 235);
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

function animal(canvas: Canvas, uniform: Uniform, pointed: boolean): void {
  const radius = between(uniform, 0.13, 0.24);
  const x = between(uniform, 0.3, 0.7);
  const y = between(uniform, 0.38, 0.7);
  const [ux, uy] = tilt(uniform, 0.45);
  const fur = colour(uniform, 30, 225);
  const earShade = between(uniform, -35, 35);
  const ear: Colour = [fur[0] + earShade, fur[1] + earShade, fur[2] + earShade];
  const size = radius * between(uniform, 0.42, 0.6);
  for (const side of [-1, 1]) {
    // Each ear sits on the rim, 40 to 50 degrees from the crown: the rim point in the directions along and across.
    const across = side * between(uniform, 0.62, 0.76);
    const along = Math.sqrt(1 - across * across);
    const dx = ux * along - uy * across;
    const dy = uy * along + ux * across;
    const ex = x + dx * radius * 0.9;
    const ey = y + dy * radius * 0.9;
    canvas.paint(
      pointed
        ? triangle(ex, ey, dx, dy, size, size * 2)
        : disc(ex + dx * size * 0.5, ey + dy * size * 0.5, size * 1.05),
      ear,
      1,
    );
  }
  canvas.paint(disc(x, y, radius), fur, 1);
  const dark = colour(uniform, 0, 60);
  for (const side of [-1, 1]) {
    const ex = x + (ux * 0.2 - uy * side * 0.38) * radius;
    const ey = y + (uy * 0.2 + ux * side * 0.38) * radius;
    canvas.paint(disc(ex, ey, radius * 0.12), dark, 1);
  }
  canvas.paint(disc(x - ux * radius * 0.35, y - uy * radius * 0.35, radius * 0.16), dark, 1);
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
  clutter(canvas, uniform, 10);
  animal(canvas, uniform, pointed);
  clutter(canvas, uniform, 3);
  const contrast = between(uniform, 0.6, 1);
  const light = between(uniform, -25, 25);
  const noise = between(uniform, 10, 50);
  const pixels = new Uint8Array(height * width * 3);
  for (let i = 0; i < pixels.length; i++) {
    const lit = (canvas.values[i]! - 127.5) * contrast + 127.5 + light + (pixelNoise(i) - 0.5) * noise;
    pixels[i] = Math.max(0, Math.min(255, Math.floor(lit + 0.5)));
  }
  return pixels;
}

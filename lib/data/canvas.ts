/**
 * Shapes and the canvas they are painted on, in units of the picture's side; y goes down. Only + - * / sqrt, comparisons
 * and floor on doubles.
 */

/** Channels in 0..255; paint may go beyond, the finished picture is cut to the range. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A shape: how far (in units of the picture's side) a point is inside it, negative outside; and its bounding circle. */
export interface Shape {
  depth: (x: number, y: number) => number;
  x: number;
  y: number;
  reach: number;
}

export function disc(x: number, y: number, radius: number): Shape {
  return {
    x,
    y,
    reach: radius,
    depth: (px, py) => radius - Math.sqrt((px - x) * (px - x) + (py - y) * (py - y)),
  };
}

/** An isosceles triangle standing on the middle `(x, y)` of its base, its tip `height` away in direction `(ux, uy)`. */
export function triangle(x: number, y: number, ux: number, uy: number, halfBase: number, height: number): Shape {
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
export function bar(x: number, y: number, ux: number, uy: number, halfWidth: number, halfLength: number): Shape {
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
export class Canvas {
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

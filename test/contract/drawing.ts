// What the drawn pictures of docs/contract.md are made of, written from that page: doubles, every operation rounded by itself.

import { philox, type Stream } from './philox.js';

export type Point = readonly [number, number];
export type Colour = readonly number[];
export interface Shape {
  readonly at: Point;
  readonly reach: number;
  readonly depth: (px: number, py: number) => number;
}

/** Words of a stream by number, each block made once. */
function wordsOf({ seed, stream, step }: Stream): (index: number) => number {
  const blocks = new Map<number, readonly number[]>();
  const key = [Number(seed & 0xffffffffn), Number(seed >> 32n)] as const;
  return (index) => {
    const number = Math.floor(index / 4);
    const block = blocks.get(number) ?? philox(key, [number, 0, stream, step]);
    blocks.set(number, block);
    return block[index % 4]!;
  };
}

export const disc = (at: Point, a: number): Shape => ({
  at,
  reach: a,
  depth: (px, py) => a - Math.sqrt((px - at[0]) * (px - at[0]) + (py - at[1]) * (py - at[1])),
});

export function triangle([x, y]: Point, [u, v]: Point, base: number, height: number): Shape {
  const depth = (px: number, py: number) => {
    const along = (px - x) * u + (py - y) * v;
    const across = Math.abs((px - x) * -v + (py - y) * u);
    return Math.min(along, (base * (height - along) - height * across) / Math.sqrt(base * base + height * height));
  };
  return { at: [x + (u * height) / 2, y + (v * height) / 2], reach: base + height, depth };
}

export function bar([x, y]: Point, [u, v]: Point, half: number, length: number): Shape {
  const depth = (px: number, py: number) => {
    const along = Math.abs((px - x) * u + (py - y) * v);
    const across = Math.abs((px - x) * -v + (py - y) * u);
    return Math.min(half - across, length - along);
  };
  return { at: [x, y], reach: half + length, depth };
}

/** One picture being drawn. */
export class Picture {
  readonly values: Float64Array;
  readonly #word: (index: number) => number;
  #taken = 0;

  constructor(
    readonly h: number,
    readonly w: number,
    source: Stream,
  ) {
    this.values = new Float64Array(h * w * 3);
    this.#word = wordsOf(source);
  }

  r(a = 0, b = 1): number {
    const u = (this.#word(this.#taken++) >>> 8) * 2 ** -24;
    return a === 0 && b === 1 ? u : a + (b - a) * u;
  }

  colour(a: number, b: number): Colour {
    return [this.r(a, b), this.r(a, b), this.r(a, b)];
  }

  tilt(s: number): Point {
    const t = this.r(-s, s) / 2.4;
    const d = 1 + t * t;
    return [(2 * t) / d, -(1 - t * t) / d];
  }

  noise(i: number): number {
    return ((this.#word(2 ** 20 + Math.floor(i / 4)) >>> (8 * (i % 4))) & 255) / 256;
  }

  paint({ at, reach, depth }: Shape, colour: Colour, opacity: number): void {
    const { h, w, values } = this;
    for (
      let row = Math.max(0, Math.floor((at[1] - reach) * h));
      row <= Math.min(h - 1, Math.floor((at[1] + reach) * h) + 1);
      row++
    ) {
      for (
        let column = Math.max(0, Math.floor((at[0] - reach) * w));
        column <= Math.min(w - 1, Math.floor((at[0] + reach) * w) + 1);
        column++
      ) {
        const d = depth((column + 0.5) / w, (row + 0.5) / h) * h + 0.5;
        if (!(d > 0)) continue;
        const share = Math.min(1, d) * opacity;
        for (let c = 0; c < 3; c++) {
          const place = (row * w + column) * 3 + c;
          values[place] = values[place]! + (colour[c]! - values[place]!) * share;
        }
      }
    }
  }

  /** A grid of r with n cells a side, read at (x, y). */
  grid(n: number): (x: number, y: number) => number {
    const points = Array.from({ length: (n + 1) * (n + 1) }, () => this.r());
    return (x, y) => {
      const column = Math.min(n - 1, Math.floor(x * n));
      const row = Math.min(n - 1, Math.floor(y * n));
      const g = (down: number, right: number) => points[(row + down) * (n + 1) + column + right]!;
      const tx = x * n - column;
      const ty = y * n - row;
      const top = g(0, 0) + (g(0, 1) - g(0, 0)) * tx;
      const low = g(1, 0) + (g(1, 1) - g(1, 0)) * tx;
      return top + (low - top) * ty;
    };
  }

  /** The bytes of the finished picture: `lit` gives each value with its light and noise, of which n is byte i. */
  bytes(lit: (value: number, n: number) => number): Uint8Array {
    return Uint8Array.from(this.values, (value, i) =>
      Math.max(0, Math.min(255, Math.floor(lit(value, this.noise(i)) + 0.5))),
    );
  }
}

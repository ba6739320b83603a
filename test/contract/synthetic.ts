// The synthetic pictures of docs/contract.md, written from that page: doubles, every operation rounded by itself.

import { philox, type Stream } from './philox.js';

type Point = readonly [number, number];
type Colour = readonly number[];
interface Shape {
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

const disc = (at: Point, a: number): Shape => ({
  at,
  reach: a,
  depth: (px, py) => a - Math.sqrt((px - at[0]) * (px - at[0]) + (py - at[1]) * (py - at[1])),
});

function triangle([x, y]: Point, [u, v]: Point, base: number, height: number): Shape {
  const depth = (px: number, py: number) => {
    const along = (px - x) * u + (py - y) * v;
    const across = Math.abs((px - x) * -v + (py - y) * u);
    return Math.min(along, (base * (height - along) - height * across) / Math.sqrt(base * base + height * height));
  };
  return { at: [x + (u * height) / 2, y + (v * height) / 2], reach: base + height, depth };
}

function bar([x, y]: Point, [u, v]: Point, half: number, length: number): Shape {
  const depth = (px: number, py: number) => {
    const along = Math.abs((px - x) * u + (py - y) * v);
    const across = Math.abs((px - x) * -v + (py - y) * u);
    return Math.min(half - across, length - along);
  };
  return { at: [x, y], reach: half + length, depth };
}

/** One picture being drawn. */
class Picture {
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

  background(): void {
    const [first, second] = [this.colour(10, 115), this.colour(10, 115)];
    const [coarse, fine] = [this.grid(4), this.grid(17)];
    const b = this.r(0.2, 0.5);
    for (let place = 0; place < this.h * this.w; place++) {
      const x = ((place % this.w) + 0.5) / this.w;
      const y = (Math.floor(place / this.w) + 0.5) / this.h;
      const share = coarse(x, y) * (1 - b) + fine(x, y) * b;
      for (let c = 0; c < 3; c++) this.values[place * 3 + c] = first[c]! + (second[c]! - first[c]!) * share;
    }
  }

  clutter(pieces: number): void {
    for (let piece = 0; piece < pieces; piece++) {
      const at = [this.r(), this.r()] as const;
      const [u, v] = this.tilt(1);
      const size = this.r(0.02, 0.07);
      const shapes = [
        () => disc(at, size),
        () => triangle(at, [u, v], size, size * 1.8),
        () => bar(at, [v, -u], size * 0.3, size * 3),
      ];
      const shape = shapes[Math.floor(this.r() * 3)]!();
      const colour = this.colour(10, 245);
      this.paint(shape, colour, this.r(0.5, 1));
    }
  }

  head(cat: boolean): void {
    const [R, X, Y] = [this.r(0.18, 0.27), this.r(0.35, 0.65), this.r(0.42, 0.65)];
    const [u, v] = this.tilt(0.45);
    const [red, green, blue] = this.colour(125, 220) as [number, number, number];
    const warmth = cat ? this.r(-60, 20) : this.r(-20, 60);
    const fur = [red + warmth, green, blue - warmth];
    const shade = this.r(-45, 25);
    const on = (along: number, across: number): Point => [
      X + (u * along - v * across) * R,
      Y + (v * along + u * across) * R,
    ];
    const spot = (along: number, across: number, a: number, colour: Colour, opacity: number) =>
      this.paint(disc(on(along, across), a * R), colour, opacity);

    const size = R * this.r(0.5, 0.68);
    for (const side of [-1, 1]) {
      const across = side * this.r(0.62, 0.76);
      const along = Math.sqrt(1 - across * across);
      const [ex, ey] = on(along * 0.9, across * 0.9);
      const d = [u * along - v * across, v * along + u * across] as const;
      const round = () => disc([ex + d[0] * size * 0.5, ey + d[1] * size * 0.5], size * 1.05);
      const ear = cat ? triangle([ex, ey], d, size, size * 2) : round();
      const colour = fur.map((value) => value + shade);
      this.paint(ear, colour, 1);
    }
    this.paint(disc([X, Y], R), fur, 1);

    const marked = this.r() < 0.75;
    const strength = this.r(0.5, 1);
    if (marked && cat) {
      const dark = fur.map((value) => value * 0.4);
      for (const across of [-0.6, -0.3, 0, 0.3, 0.6]) {
        this.paint(bar(on(0.55 - across * across * 0.4, across), [u, v], R * 0.08, R * 0.33), dark, strength);
      }
    } else if (marked) {
      spot(-0.4, 0, 0.5, [255, 250, 240], strength);
    }
    const dark = this.colour(0, 60);
    spot(0.1, -0.38, 0.12, dark, 1);
    spot(0.1, 0.38, 0.12, dark, 1);
    spot(-0.35, 0, 0.16, dark, 1);
  }

  bytes(): Uint8Array {
    const [contrast, light, noise] = [this.r(0.7, 1.1), this.r(-25, 25), this.r(5, 30)];
    return Uint8Array.from(this.values, (value, i) => {
      const lit = (value - 127.5) * contrast + 127.5 + light + (this.noise(i) - 0.5) * noise;
      return Math.max(0, Math.min(255, Math.floor(lit + 0.5)));
    });
  }
}

/** Picture i of a split, `[h, w, 3]` bytes, and its label. */
export function syntheticPicture(
  seed: number,
  split: 'train' | 'validation',
  i: number,
  [h, w]: Point,
): { pixels: Uint8Array; label: number } {
  const label = i % 2;
  const step = 2 * i + (split === 'train' ? 0 : 1);
  const picture = new Picture(h, w, { seed: BigInt(seed), stream: 4, step });
  picture.background();
  picture.clutter(6);
  picture.head(label === 1);
  picture.clutter(2);
  return { pixels: picture.bytes(), label };
}

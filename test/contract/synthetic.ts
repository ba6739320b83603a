// The synthetic pictures of docs/contract.md, written from that page.

import { bar, type Colour, disc, Picture, type Point, triangle } from './drawing.js';

class Synthetic extends Picture {
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

  lighted(): Uint8Array {
    const [contrast, light, noise] = [this.r(0.7, 1.1), this.r(-25, 25), this.r(5, 30)];
    return this.bytes((value, n) => (value - 127.5) * contrast + 127.5 + light + (n - 0.5) * noise);
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
  const picture = new Synthetic(h, w, { seed: BigInt(seed), stream: 4, step });
  picture.background();
  picture.clutter(6);
  picture.head(label === 1);
  picture.clutter(2);
  return { pixels: picture.lighted(), label };
}

// The drawn cracks of docs/contract.md, written from that page.

import { bar, type Colour, disc, Picture, type Point } from './drawing.js';

function turned([x, y]: Point, t: number): Point {
  const d = 1 + t * t;
  const c = (1 - t * t) / d;
  const s = (2 * t) / d;
  return [x * c - y * s, x * s + y * c];
}

const soft = (inside: number, rim: number, strength: number) => 1 - Math.max(0, Math.min(1, inside / rim)) * strength;

class Cracks extends Picture {
  #surface: Colour = [];

  direction(): Point {
    let [u, v] = this.tilt(1);
    if (this.r() >= 0.5) [u, v] = [v, -u];
    if (this.r() >= 0.5) [u, v] = [-u, -v];
    return [u, v];
  }

  /** The surface's colour times a share that is drawn. */
  shade(a: number, b: number): Colour {
    const share = this.r(a, b);
    return this.#surface.map((value) => value * share);
  }

  dim(f: (x: number, y: number) => number): void {
    for (let place = 0; place < this.h * this.w; place++) {
      const factor = f(((place % this.w) + 0.5) / this.w, (Math.floor(place / this.w) + 0.5) / this.h);
      for (let c = 0; c < 3; c++) this.values[place * 3 + c] = this.values[place * 3 + c]! * factor;
    }
  }

  surface(): void {
    const grey = this.r(105, 185);
    this.#surface = [grey + this.r(-6, 10), grey + this.r(-5, 6), grey + this.r(-14, 5)];
    for (let place = 0; place < this.values.length; place++) this.values[place] = this.#surface[place % 3]!;
    const layers: ((x: number, y: number) => number)[] = [];
    for (const cells of [3, 11, 41]) {
      const grid = this.grid(cells);
      const depth = this.r(0.06, 0.22);
      layers.push((x, y) => 1 + (grid(x, y) - 0.5) * depth);
    }
    this.dim((x, y) => layers[0]!(x, y) * layers[1]!(x, y) * layers[2]!(x, y));
  }

  grains(): void {
    for (let k = 0; k < 50; k++) {
      const colour = k % 5 === 0 ? this.shade(0.4, 0.7) : this.shade(0.75, 1.25);
      const shape = disc([this.r(), this.r()], this.r(0.003, 0.012));
      this.paint(shape, colour, this.r(0.3, 0.8));
    }
  }

  stains(): void {
    const count = Math.floor(this.r() * 4);
    for (let stain = 0; stain < count; stain++) {
      const [cx, cy, radius] = [this.r(), this.r(), this.r(0.08, 0.3)];
      const [rim, strength] = [this.r(0.004, 0.08), this.r(-0.15, 0.4)];
      const grid = this.grid(9);
      this.dim((x, y) => {
        const away = Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
        return soft(radius * (0.6 + 0.8 * grid(x, y)) - away, rim, strength);
      });
    }
  }

  joint(): void {
    if (!(this.r() < 0.4)) return;
    const [u, v] = this.tilt(0.25);
    const [x, y, half] = [this.r(), this.r(), this.r(0.006, 0.018)];
    const way: Point = this.r() < 0.5 ? [u, v] : [v, -u];
    const colour = this.shade(0.35, 0.75);
    this.paint(bar([x, y], way, half, 2), colour, this.r(0.6, 1));
  }

  scratches(): void {
    const count = Math.floor(this.r() * 3);
    for (let scratch = 0; scratch < count; scratch++) {
      const way = this.direction();
      const at: Point = [this.r(), this.r()];
      const [half, length] = [this.r(0.001, 0.004), this.r(0.05, 0.25)];
      const colour = this.shade(0.5, 1.4);
      this.paint(bar(at, way, half, length), colour, this.r(0.3, 0.8));
    }
  }

  line(cracked: boolean): void {
    const way = this.direction();
    const x = this.r(0.3, 0.7) - way[0] * 0.4;
    const y = this.r(0.3, 0.7) - way[1] * 0.4;
    const steps = 14 + Math.floor(this.r() * 12);
    const half = this.r(0.004, 0.011);
    const colour = this.shade(0.2, 0.55);
    const opacity = this.r(0.55, 0.95);
    const piece = (at: Point, along: Point, width: number, length: number) =>
      this.paint(bar(at, along, width, length), colour, opacity);

    const crack = (from: Point, heading: Point, left: number, width: number, most: number) => {
      let [at, H, branches] = [from, heading, most];
      for (let step = 0; step < left; step++) {
        const length = this.r(0.025, 0.055);
        const [u, v] = turned(H, this.r(-0.5, 0.5));
        const b = width * this.r(0.5, 1.5);
        piece([at[0] + (u * length) / 2, at[1] + (v * length) / 2], [u, v], b, length / 2 + b);
        at = [at[0] + u * length, at[1] + v * length];
        H = turned(H, this.r(-0.1, 0.1));
        if (branches > 0 && this.r() < 0.15) {
          branches--;
          crack(at, turned(H, this.r() < 0.5 ? this.r(-0.6, -0.3) : this.r(0.3, 0.6)), 6, width * 0.8, 0);
        }
      }
    };
    if (cracked) crack([x, y], way, steps, half, 2);
    else if (this.r() < 0.7) {
      let along = 0;
      for (let step = 0; step < steps; step++) {
        const length = this.r(0.025, 0.055);
        const middle = along + length / 2;
        piece([x + way[0] * middle, y + way[1] * middle], way, half, length / 2 + half);
        along += length;
      }
    }
  }

  shadow(): void {
    if (!(this.r() < 0.5)) return;
    const [u, v] = this.direction();
    const [edge, rim, strength] = [this.r(-0.3, 0.3), this.r(0.005, 0.12), this.r(0.15, 0.4)];
    this.dim((x, y) => soft((x - 0.5) * u + (y - 0.5) * v - edge, rim, strength));
  }

  lighted(): Uint8Array {
    const [light, noise] = [this.r(-20, 20), this.r(4, 18)];
    return this.bytes((value, n) => value + light + (n - 0.5) * noise);
  }
}

/** Picture i of a split, `[h, w, 3]` bytes, and its label. */
export function crackedPicture(
  seed: number,
  split: 'train' | 'validation',
  i: number,
  [h, w]: Point,
  share: number,
): { pixels: Uint8Array; label: number } {
  const label = Math.floor((i + 1) * share) > Math.floor(i * share) ? 1 : 0;
  const picture = new Cracks(h, w, { seed: BigInt(seed), stream: 9, step: 2 * i + (split === 'train' ? 0 : 1) });
  picture.surface();
  picture.grains();
  picture.stains();
  picture.joint();
  picture.scratches();
  picture.line(label === 1);
  picture.shadow();
  return { pixels: picture.lighted(), label };
}

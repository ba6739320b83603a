// Augmentation of a picture and its mask, written from docs/contract.md: doubles but for the matrices and weights that kernels make.

import { exp } from './elementary.js';
import { f32 } from './float32.js';
import { type Draw, flipMaps, rotationMaps, zoomMaps } from './images.js';
import { type Stream, wordAt } from './philox.js';

/** A step by its numbers. */
export type Step =
  | { kind: 'flip'; horizontal: boolean; vertical: boolean }
  | { kind: 'rotation' | 'zoom' | 'translation' | 'contrast'; factor: number }
  | { kind: 'crop'; padding: number }
  | { kind: 'elastic'; alpha: number; sigma: number };

/** A picture of so many channels, and its mask. */
export interface Masked {
  readonly size: readonly [height: number, width: number, channels: number];
  readonly pixels: ArrayLike<number>;
  readonly mask: ArrayLike<number>;
}

/** A place to read at; null in the padding of a crop. */
type Place = readonly [x: number, y: number] | null;

const kTurn = f32(2 * Math.PI);
const kStream = 8;

class Drawn {
  #at = 0;
  constructor(readonly source: Stream) {}
  #word = (): number => wordAt(this.source, this.#at++);
  /** 2 r - 1. */
  twice = (): number => 2 * ((this.#word() >>> 8) / 2 ** 24) - 1;
  below(n: number): number {
    for (;;) {
      const product = BigInt(this.#word()) * BigInt(n);
      if (Number(product & 0xffffffffn) >= 2 ** 32 % n) return Number(product >> 32n);
    }
  }
}

const affine =
  ([m0, m1, m2, m3, m4, m5]: readonly number[]) =>
  ([x, y]: readonly [number, number]): Place => [m0! * x + m1! * y + m2!, m3! * x + m4! * y + m5!];

/** A field blurred along its rows, then along its columns. */
function blurred(field: readonly number[], w: number, sigma: number): number[] {
  const reach = Math.ceil(3 * sigma);
  const raw = Array.from({ length: reach + 1 }, (_, i) => exp(f32(-(i * i) / (2 * sigma * sigma))));
  const all = raw.slice(1).reduce((sum, one) => sum + 2 * one, raw[0]!);
  const along = (read: (i: number) => number | undefined) => {
    let sum = 0;
    for (let i = -reach; i <= reach; i++) {
      const value = read(i);
      if (value !== undefined) sum += (raw[Math.abs(i)]! / all) * value;
    }
    return sum;
  };
  const inRow = (column: number) => column >= 0 && column < w;
  const rows = field.map((_, at) => along((i) => (inRow((at % w) + i) ? field[at + i] : undefined)));
  return rows.map((_, at) => along((i) => rows[at + i * w]));
}

/** Reads values [h, w] of one kind at a place whose neighbours `at` finds. */
function between(read: (row: number, column: number) => number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const line = (r: number) => read(r, column) + (read(r, column + 1) - read(r, column)) * (x - column);
  return line(row) + (line(row + 1) - line(row)) * (y - row);
}

const within = (i: number, length: number): number => Math.min(Math.max(i, 0), length - 1);
/** dcba|abcd|dcba. */
const mirrored = (i: number, length: number): number => {
  const turned = ((i % (2 * length)) + 2 * length) % (2 * length);
  return turned < length ? turned : 2 * length - 1 - turned;
};

/** The map of a step for one sample. */
function mapOf(step: Step, source: Stream, h: number, w: number): (place: readonly [number, number]) => Place {
  const draw: Draw = { source, count: 1, first: 0, size: [h, w] };
  const drawn = new Drawn(source);
  switch (step.kind) {
    case 'flip':
      return affine([...flipMaps(draw, step.horizontal, step.vertical)]);
    case 'rotation':
      return affine([...rotationMaps(draw, [-(step.factor * kTurn), step.factor * kTurn])]);
    case 'zoom':
      return affine([...zoomMaps(draw, [1 - step.factor, 1 + step.factor], undefined)]);
    case 'translation': {
      const [down, right] = [drawn.twice() * step.factor * h, drawn.twice() * step.factor * w];
      return ([x, y]) => [x - right, y - down];
    }
    case 'crop': {
      const [down, right] = [1, 2].map(() => drawn.below(2 * step.padding + 1) - step.padding) as [number, number];
      const outside = (at: number, length: number) => at < -0.5 || at > length - 0.5;
      return ([x, y]) => (outside(x - right, w) || outside(y - down, h) ? null : [x - right, y - down]);
    }
    case 'elastic': {
      const [right, down] = [1, 2].map(() => {
        const field = Array.from({ length: h * w }, drawn.twice);
        return blurred(field, w, step.sigma);
      }) as [number[], number[]];
      const at = (field: number[], [x, y]: readonly [number, number]) =>
        between(
          (r, c) => field[within(r, h) * w + within(c, w)]!,
          Math.min(Math.max(x, 0), w - 1),
          Math.min(Math.max(y, 0), h - 1),
        );
      return (place) => [place[0] + step.alpha * at(right, place), place[1] + step.alpha * at(down, place)];
    }
    default:
      return (place) => place;
  }
}

function toByte(value: number): number {
  const near = Math.round(value);
  const even = Math.abs(value % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
  return Math.min(Math.max(even, 0), 255);
}

/** Sample `sample` of `samples` in epoch `epoch`, through all steps. */
export function augmentedSample(
  { size: [h, w, channels], pixels, mask }: Masked,
  steps: readonly Step[],
  { seed, epoch, sample, samples }: { seed: bigint; epoch: number; sample: number; samples: number },
): { pixels: number[]; mask: number[] } {
  const sources = steps.map((_, k): Stream => ({ seed, stream: kStream + 256 * k, step: epoch * samples + sample }));
  const maps = steps.map((step, k) => mapOf(step, sources[k]!, h, w));
  const places = Array.from({ length: h * w }, (_, at) =>
    maps.reduceRight<Place>((place, map) => (place === null ? null : map(place)), [at % w, Math.floor(at / w)]),
  );
  const read = (channel: number) => (row: number, column: number) =>
    pixels[(mirrored(row, h) * w + mirrored(column, w)) * channels + channel]!;
  let values = places.flatMap((place) =>
    Array.from({ length: channels }, (_, channel) => (place === null ? 0 : between(read(channel), ...place))),
  );
  for (const [k, step] of steps.entries()) {
    if (step.kind !== 'contrast') continue;
    const factor = 1 + new Drawn(sources[k]!).twice() * step.factor;
    for (let channel = 0; channel < channels; channel++) {
      const own = values.filter((_, at) => at % channels === channel);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      values = values.map((value, at) => (at % channels === channel ? (value - mean) * factor + mean : value));
    }
  }
  const nearest = (at: number) => Math.floor(at) + (at - Math.floor(at) >= 0.5 ? 1 : 0);
  return {
    pixels: values.map(toByte),
    mask: places.map((place) =>
      place === null ? 0 : mask[mirrored(nearest(place[1]), h) * w + mirrored(nearest(place[0]), w)]!,
    ),
  };
}

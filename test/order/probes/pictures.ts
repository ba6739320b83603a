// The gradients of resize_bilinear and image_transform: each input gathers, ascending (oy, ox), from the outputs that read
// it. At an inner place an output reads it by one tap only. Maps that read every quarter of a pixel have weights of a few
// bits; dy is given so that its product with the weight is exact and the same for all.

import { chain, summands } from '../expected_tree.js';
import { type Level, type Probe, signed, type Values } from '../probe.js';

interface Reader {
  readonly oy: number;
  readonly ox: number;
  /** The weight, in 64ths. */
  readonly weight: number;
}

/** Along one axis: with which weight, in eighths, output `i` reads `place`. */
type Weight = (i: number, place: number) => number;

const bilinear =
  (at: (i: number) => number): Weight =>
  (i, place) =>
    8 * Math.max(0, 1 - Math.abs(at(i) - place));
const nearest =
  (at: (i: number) => number): Weight =>
  (i, place) =>
    Math.round(at(i)) === place ? 8 : 0;

function readersOf(weight: Weight, [height, width]: readonly number[], [row, column]: readonly number[]): Reader[] {
  const readers: Reader[] = [];
  for (let oy = 0; oy < height!; ++oy) {
    for (let ox = 0; ox < width!; ++ox) {
      const both = weight(oy, row!) * weight(ox, column!);
      if (both > 0) readers.push({ oy, ox, weight: both });
    }
  }
  return readers;
}

/** A multiple of every product of the weights' numerators 1, 3, 5 and 7, and of 8 * 8. */
const kCommon = 105 * 105 * 64;

interface Picture {
  readonly kernel: string;
  readonly title: string;
  /** [n, h, w, c] of x and of y. */
  readonly x: readonly [number, number, number, number];
  readonly y: readonly [number, number, number, number];
  readonly weight: Weight;
  readonly place: readonly [number, number];
  readonly settings?: Readonly<Record<string, number>>;
  /** The map of every sample, where the kernel takes one. */
  readonly matrix?: readonly number[];
}

function gathered({ kernel, title, x, y, weight, place, settings, matrix }: Picture): Probe {
  const readers = readersOf(weight, y.slice(1), place);
  const [n, h, w, c] = x;
  const dx = matrix === undefined ? 1 : 2;
  const middle = matrix === undefined ? [] : [{ shape: [n, 6] }];
  return {
    kernel,
    title: `${title}, ${readers.length} outputs`,
    tensors: [{ shape: y }, ...middle, { shape: x, output: true }],
    ...(settings ? { settings } : {}),
    summands: readers.length,
    tree: chain(summands(readers.length)),
    slots: n * c,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      if (matrix !== undefined) inputs[1]!.set(summands(6 * n).map((i) => matrix[i % 6]!));
      const reader = readers[summand]!;
      const output = ((Math.floor(slot / c) * y[1] + reader.oy) * y[2] + reader.ox) * c + (slot % c);
      inputs[0]![output] = (signed[level] * kCommon) / reader.weight;
    },
    read: (outputs: Values, slot: number) =>
      outputs[dx]![((Math.floor(slot / c) * h + place[0]) * w + place[1]) * c + (slot % c)]! / (kCommon / 64),
    atomic: 'races',
  };
}

// The places below are read by outputs on both sides of row 16, where a task of atomic mode ends.
const quarter = (offset: number) => (i: number) => i * 0.25 + offset;
const zoomed = { x: [16, 24, 9, 19], y: [16, 24, 9, 19], matrix: [0.25, 0, 0.125, 0, 0.25, 0.125] } as const;

export const resizeProbes = (): Probe[] => [
  gathered({
    kernel: 'resize_bilinear.inputGradient',
    title: '[8, 3] to [32, 12]',
    ...{ x: [16, 8, 3, 19], y: [16, 32, 12, 19] },
    weight: bilinear(quarter(-0.375)),
    place: [4, 1],
  }),
];

export const transformProbes = (): Probe[] =>
  ([bilinear, nearest] as const).map((weight, i) =>
    gathered({
      ...zoomed,
      kernel: 'image_transform.inputGradient',
      title: `zoom by 4, ${['bilinear', 'nearest'][i]}`,
      weight: weight(quarter(0.125)),
      place: [4, 1],
      settings: { fillMode: 0, nearest: i, fillValue: 0 },
    }),
  );

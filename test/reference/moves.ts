// The judges of operations that only move values: for every place of the result, the place of x that it reads, or -1.

import type { Values } from '../cases/case.js';

/** Which value of x each value of the result is, -1 for a fill. */
export interface Move {
  shape: readonly number[];
  sources: Int32Array;
}

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** A move by the coordinates that each place reads; null for none. */
export function moveOf(
  from: readonly number[],
  shape: readonly number[],
  read: (at: readonly number[]) => readonly number[] | null,
): Move {
  const sources = Int32Array.from({ length: count(shape) }, (_, index) => {
    let rest = index;
    const at = shape.toReversed().map((length) => {
      const place = rest % length;
      rest = (rest - place) / length;
      return place;
    });
    const source = read(at.reverse());
    return source === null ? -1 : source.reduce((sum, place, axis) => sum * from[axis]! + place, 0);
  });
  return { shape, sources };
}

/** The result of a move. */
export const moved = <A extends Float32Array | Float64Array>(x: { data: A }, { sources }: Move, fill = 0): A =>
  (x.data.constructor as unknown as { from(list: Iterable<number>): A }).from(
    [...sources].map((source) => (source < 0 ? fill : x.data[source]!)),
  );

/** The gradient of a move: every value of x gets the sum over the places that read it. */
export function movedBack(x: Values, dy: Values, { sources }: Move): Values {
  const data = new Float64Array(x.data.length);
  sources.forEach((source, i) => {
    if (source >= 0) data[source]! += dy.data[i]!;
  });
  return { shape: x.shape, data };
}

export const transposed = (from: readonly number[], axes: readonly number[]): Move =>
  moveOf(
    from,
    axes.map((axis) => from[axis]!),
    (at) => from.map((_, axis) => at[axes.indexOf(axis)]!),
  );

export const sliced = (
  from: readonly number[],
  { start, shape, strides }: { start: readonly number[]; shape: readonly number[]; strides: readonly number[] },
): Move => moveOf(from, shape, (at) => at.map((place, axis) => start[axis]! + place * strides[axis]!));

export const reversed = (from: readonly number[], axes: readonly number[]): Move =>
  moveOf(from, from, (at) => at.map((place, axis) => (axes.includes(axis) ? from[axis]! - 1 - place : place)));

export const broadcast = (from: readonly number[], shape: readonly number[]): Move =>
  moveOf(from, shape, (at) =>
    at.slice(shape.length - from.length).map((place, axis) => (from[axis] === 1 ? 0 : place)),
  );

const outside = {
  constant: () => -1,
  edge: (place: number, length: number) => Math.min(Math.max(place, 0), length - 1),
  reflect: (place: number, length: number) => (place < 0 ? -place : 2 * length - 2 - place),
};

export const padded = (
  from: readonly number[],
  widths: readonly (readonly [number, number])[],
  mode: keyof typeof outside,
): Move =>
  moveOf(
    from,
    from.map((length, axis) => length + widths[axis]![0] + widths[axis]![1]),
    (at) => {
      const places = at.map((place, axis) => {
        const inside = place - widths[axis]![0];
        return inside >= 0 && inside < from[axis]! ? inside : outside[mode](inside, from[axis]!);
      });
      return places.includes(-1) ? null : places;
    },
  );

/** Pictures of which every value is repeated along rows and columns. */
export function enlarged([n, h, w, c]: readonly number[], size: number | readonly [number, number]): Move {
  const [rows, columns] = typeof size === 'number' ? [size, size] : size;
  return moveOf([n!, h!, w!, c!], [n!, h! * rows, w! * columns, c!], ([sample, row, column, channel]) => [
    sample!,
    Math.floor(row! / rows),
    Math.floor(column! / columns),
    channel!,
  ]);
}

// Lists in lists of a drawn shape, and the same with one drawn fault: a row too long or too short, or what is no number.

import fc from 'fast-check';

/** Lists in lists, or a number where no axis is left. */
export type Lists = number | Lists[];

/** Numbers 1, 2, 3, ... in lists of this shape. */
export function counted(shape: readonly number[]): Lists {
  let next = 1;
  const make = (axis: number): Lists =>
    axis === shape.length ? next++ : Array.from({ length: shape[axis]! }, () => make(axis + 1));
  return make(0);
}

/** What is no number, or not one number, and how messages call it. */
const strangers: readonly [value: unknown, words: string][] = [
  [null, 'null'],
  [undefined, 'undefined'],
  ['', "''"],
  ['7', "'7'"],
  [true, 'true'],
  [5n, '5n'],
  [[1, 2], 'a list of 2'],
  [{}, 'Object'],
];

export interface Fault {
  shape: number[];
  lists: Lists;
  /** The place of the fault, without the name of the whole: `[3][2]`. */
  place: string;
  /** The message behind `name[place] `. */
  words: string;
}

/** A shape of at least `least` axes and one fault below its first items, so that the first item of each axis tells it. */
export const faults = (least: number): fc.Arbitrary<Fault> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 2, max: 4 }), { minLength: least, maxLength: 4 }),
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      fc.nat(),
      fc.constantFrom('short', 'long', 'strange'),
    )
    .filter(([shape, , depth, kind]) => kind === 'strange' || depth % shape.length > 0)
    .map(([shape, picks, drawn, kind]) => {
      const lists = counted(shape);
      const depth = kind === 'strange' ? shape.length : drawn % shape.length;
      // The last item of the first axis: the first one tells the shape.
      const indices = shape.slice(0, depth).map((length, axis) => (axis === 0 ? length - 1 : picks[axis]! % length));
      const above = indices.slice(0, -1).reduce<Lists[]>((list, index) => list[index] as Lists[], lists as Lists[]);
      const last = indices.at(-1)!;
      const place = indices.map((index) => `[${index}]`).join('');
      if (kind === 'strange') {
        const [value, words] = strangers[drawn % strangers.length]!;
        above[last] = value as never;
        return { shape, lists, place, words: `to be a number, got ${words}` };
      }
      const row = above[last] as Lists[];
      if (kind === 'short') row.pop();
      else row.push(row[0]!);
      return { shape, lists, place, words: `to hold ${shape[depth]}, got ${row.length}` };
    });

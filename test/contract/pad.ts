// The gradient of padding by the edge or by a mirror, axis by axis from the last one that was padded, as docs/contract.md says: the part
// in the middle, then what came behind, then what came before, where there is such; each is +0 where it has no value.

import { add } from './float32.js';
import { sum } from './reduce.js';

interface Part {
  shape: readonly number[];
  data: Float32Array;
}

type Width = readonly [number, number];

/** `length` places of an axis from `from` on. */
const cut = ({ shape, data }: Part, axis: number, from: number, length: number): Part => {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const rows: number[] = [];
  for (let o = 0; o < outer; ++o) {
    const begin = (o * shape[axis]! + from) * inner;
    rows.push(...data.subarray(begin, begin + length * inner));
  }
  return { shape: shape.with(axis, length), data: Float32Array.from(rows) };
};

/** A part put into an axis of `length`, place i of it at `place(i)`; +0 elsewhere. */
const put = ({ shape, data }: Part, axis: number, length: number, place: (i: number) => number): Float32Array => {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const whole = new Float32Array(shape.with(axis, length).reduce((a, b) => a * b, 1));
  data.forEach((value, at) => {
    const i = Math.floor(at / inner) % shape[axis]!;
    const outer = Math.floor(at / (inner * shape[axis]!));
    whole[(outer * length + place(i)) * inner + (at % inner)] = value;
  });
  return whole;
};

/** dx from dy for padding by `mode`. */
export function padGradient(dy: Part, widths: readonly Width[], mode: 'edge' | 'reflect'): Float32Array {
  let now = dy;
  for (let axis = widths.length - 1; axis >= 0; --axis) {
    const [before, behind] = widths[axis]!;
    if (before === 0 && behind === 0) continue;
    const length = now.shape[axis]! - before - behind;
    const middle = cut(now, axis, before, length);
    const sides = (
      [
        [cut(now, axis, before + length, behind), length - 1, (i: number) => length - 2 - i],
        [cut(now, axis, 0, before), 0, (i: number) => before - i],
      ] as const
    )
      .filter(([part]) => part.shape[axis]! > 0)
      .map(([part, edge, mirrored]) => {
        if (mode === 'reflect') return put(part, axis, length, mirrored);
        const one = sum(part.shape, [axis], part.data);
        return put({ shape: part.shape.with(axis, 1), data: one }, axis, length, () => edge);
      });
    const data = sides.reduce((total, side) => total.map((value, i) => add(value, side[i]!)), middle.data);
    now = { shape: middle.shape, data };
  }
  return now.data;
}

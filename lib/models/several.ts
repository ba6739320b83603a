/**
 * Networks with several inputs or outputs learn as those with one do: a sample is one row, the values of all its inputs one input after
 * the other, and so are a target and a prediction. What computes takes the row apart and joins it again; values are only moved.
 */
import type { ArrayData } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';
import type { Symbolic } from '../layers/index.js';
import { concatenate, reshape, slice } from '../ops/index.js';
import { type Shape, sizeOf, Tensor } from '../tensor/index.js';
import { rowsOf } from './rows.js';

/** One of several inputs, outputs or targets: its name, its shape without the batch axis, and where its values lie in a row. */
export interface Part {
  readonly name: string;
  readonly shape: Shape;
  readonly first: number;
  readonly size: number;
}

/** Data of each part: a list in their order, or by their names. */
export type ByPart<T> = readonly T[] | Readonly<Record<string, T>>;

/** The parts of a row; a layer that stands here twice is told apart by a number. */
export function partsOf(ends: readonly { name: string; shape: Shape }[]): Part[] {
  let first = 0;
  const taken = new Map<string, number>();
  return ends.map(({ name, shape }) => {
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    const part = { name: before === 0 ? name : `${name}_${before}`, shape, first, size: sizeOf(shape) };
    first += part.size;
    return part;
  });
}

/** The names and shapes of places. */
export const endsOf = (places: readonly Symbolic[]) => places.map(({ layer, shape }) => ({ name: layer.name, shape }));

/** The shape of a row of these parts; of one part its own. */
export const rowShape = (parts: readonly Part[]): Shape =>
  parts.length === 1 ? parts[0]!.shape : [parts.reduce((sum, { size }) => sum + size, 0)];

/**
 * One value for each part, out of a list or a table. Throws ArgumentError, in the words of `who`, for another number, for names that
 * are none, and where one is missing that has no `otherwise`.
 */
export function eachPart<T>(who: string, name: string, given: unknown, parts: readonly Part[], otherwise?: T): T[] {
  const names = parts.map((part) => part.name);
  const expected = `${name} as a list of ${parts.length}, or by the names ${names.join(', ')}`;
  if (Array.isArray(given)) {
    if (given.length === parts.length) return given as T[];
    throw new ArgumentError({ who, expected, got: `a list of ${given.length}` });
  }
  const isTable = typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype;
  if (!isTable) throw new ArgumentError({ who, expected, got: show(given) });
  const table = given as Record<string, T>;
  const unknown = Object.keys(table).find((key) => !names.includes(key));
  if (unknown !== undefined) throw new ArgumentError({ who, expected, got: `the name ${show(unknown)}` });
  return names.map((key) => {
    const value = Object.hasOwn(table, key) ? table[key] : otherwise;
    if (value === undefined) throw new ArgumentError({ who, expected, got: `none for ${key}` });
    return value;
  });
}

/**
 * Arrays of each part as one array of rows, the data themselves where there is one part. Throws as `rowsOf`, and ArgumentError where
 * the parts have not the same number of samples.
 */
export function packed(who: string, name: string, given: unknown, parts: readonly Part[]): ArrayData {
  if (parts.length === 1) return given as ArrayData;
  const each = eachPart<ArrayData>(who, name, given, parts);
  const rows = parts.map((part, i) => rowsOf(who, `${name} of ${part.name}`, each[i]!, part.shape));
  const [{ count }] = rows as [(typeof rows)[number]];
  const other = rows.findIndex((one) => one.count !== count);
  if (other >= 0) {
    const expected = `as many samples of ${parts[other]!.name} as of ${parts[0]!.name} (${count})`;
    throw new ArgumentError({ who, expected, got: `${rows[other]!.count}` });
  }
  const width = parts.reduce((sum, { size }) => sum + size, 0);
  const all = rows.every(({ values }) => values instanceof Uint8Array)
    ? new Uint8Array(count * width)
    : new Float32Array(count * width);
  parts.forEach(({ first, size }, i) => {
    const { values } = rows[i]!;
    for (let row = 0; row < count; row++) all.set(values.subarray(row * size, (row + 1) * size), row * width + first);
  });
  return all;
}

/** Data of a fit with the values of all parts in rows; what is no `{ x, y }`, or has one part, as it is. */
export function packedData<T>(who: string, data: T, inputs: readonly Part[], targets: readonly Part[]): T {
  if (inputs.length === 1 && targets.length === 1) return data;
  if (typeof data !== 'object' || data === null || !('x' in data && 'y' in data)) return data;
  return { ...data, x: packed(who, 'x', data.x, inputs), y: packed(who, 'y', data.y, targets) };
}

/** Tensors [n, ...shape] of each part as one [n, width], or the one there is. */
export function joined(tensors: readonly Tensor[]): Tensor {
  const [first, ...others] = tensors;
  if (others.length === 0) return first!;
  const flat = tensors.map((one) => reshape(one, [one.shape[0]!, sizeOf(one.shape.slice(1))]));
  return concatenate(flat, { axis: 1 });
}

/** The parts of a tensor [n, width], each [n, ...shape]; of one part the tensor itself. */
export function apart(rows: Tensor, parts: readonly Part[]): Tensor[] {
  return parts.length === 1 ? [rows] : parts.map((part) => onePart(rows, part));
}

/** One of several parts of a tensor [n, width], [n, ...shape]. */
export function onePart(rows: Tensor, { first, size, shape }: Part): Tensor {
  const count = rows.shape[0]!;
  return reshape(slice(rows, { start: [0, first], shape: [count, size] }), [count, ...shape]);
}

/** The values of one part in rows in memory. */
export function partOf(rows: ArrayLike<number>, { first, size }: Part, width: number): Float32Array {
  const count = rows.length / width;
  const values = new Float32Array(count * size);
  for (let row = 0; row < count; row++)
    for (let k = 0; k < size; k++) values[row * size + k] = rows[row * width + first + k]!;
  return values;
}

/** Tensors of a batch, a list of them for several parts, as one. Throws ArgumentError for what is neither. */
export function batchOf(who: string, name: string, given: Tensor | ByPart<Tensor>, parts: readonly Part[]): Tensor {
  if (parts.length === 1 || given instanceof Tensor) return given as Tensor;
  const each = eachPart<Tensor>(who, name, given, parts);
  each.forEach((one, i) => {
    const { name: part, shape } = parts[i]!;
    const fits =
      one instanceof Tensor && one.rank === shape.length + 1 && shape.every((n, k) => n === one.shape[k + 1]);
    if (fits && one.shape[0] === each[0]!.shape[0]) return;
    const expected = `${name} of ${part} to be a tensor [n, ${shape.join(', ')}], n as for the others`;
    throw new ArgumentError({ who, expected, got: one instanceof Tensor ? show([...one.shape]) : show(one) });
  });
  return joined(each);
}

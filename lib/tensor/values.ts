/**
 * The numbers that users pass, in nested lists and typed arrays of every kind, and how they become the values of a tensor.
 * The shape is checked at every place; the right count alone is not enough.
 */
import { ArgumentError, DtypeError, ShapeError, show } from '../errors/index.js';
import { type Dtype, mostAxes, type Shape, sizeOf, type TensorData } from './shape.js';

/** Typed arrays that are accepted: a tensor's own three kinds, and those that become float32. */
export type NumberArray =
  | TensorData
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Float64Array;

/** Nested lists of numbers. A typed array stands for a row. */
export type Nested = readonly (number | NumberArray | Nested)[];

/** Kinds of arrays that keep their dtype. */
const kept: Readonly<Record<string, Dtype>> = { Float32Array: 'float32', Int32Array: 'int32', Uint8Array: 'uint8' };
/** Kinds of arrays that become float32: the first four exactly, the others rounded once, to nearest, ties to even. */
const toFloat = ['Int8Array', 'Int16Array', 'Uint16Array', 'Float16Array', 'Uint32Array', 'Float64Array'];
const kinds = [...Object.keys(kept), 'Uint8ClampedArray', ...toFloat];

/** A value in a few words: a list by its length, a typed array by its kind. Neither is printed whole. */
export function described(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return ArrayBuffer.isView(value) ? kindOf(value) : show(value);
}

/** The kind of a typed array. A subclass has the kind of its base: a Buffer is a Uint8Array. */
const kindOf = (values: ArrayBufferView): string => Object.prototype.toString.call(values).slice(8, -1);

/** Whether a value is a typed array of any kind. */
export const isTyped = (value: unknown): value is NumberArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** The dtype of a tensor with these values; undefined for an array that no tensor holds as it is. */
export const dtypeOf = (values: ArrayBufferView): Dtype | undefined => kept[kindOf(values)];

/** Whether the memory is shared with other threads. They may change it at any time, so native code does not take it. */
export const isShared = ({ buffer }: ArrayBufferView): boolean => kindOf(buffer as never) === 'SharedArrayBuffer';

/**
 * The values in the form that a tensor holds: float32, int32 and uint8 unchanged, clamped bytes as uint8, all other kinds as
 * float32. Memory that is shared with other threads is copied. Throws DtypeError for 64-bit integers.
 */
export function storable(who: string, name: string, values: NumberArray): TensorData {
  const kind = kindOf(values);
  if (!kinds.includes(kind)) {
    throw new DtypeError({ who, expected: `${name} to be a ${kinds.join(', ')} or numbers in lists`, got: kind });
  }
  if (toFloat.includes(kind)) return new Float32Array(values);
  if (kind === 'Uint8ClampedArray') {
    const { buffer, byteOffset, length } = values as Uint8ClampedArray;
    return isShared(values) ? new Uint8Array(values) : new Uint8Array(buffer, byteOffset, length);
  }
  if (!isShared(values)) return values as TensorData;
  if (kind === 'Float32Array') return new Float32Array(values);
  return kind === 'Int32Array' ? new Int32Array(values) : new Uint8Array(values);
}

/** Throws ArgumentError unless a value is a list or a typed array. */
export function checkNumbers(who: string, name: string, value: unknown): asserts value is NumberArray | Nested {
  if (Array.isArray(value) || isTyped(value)) return;
  const expected = `${name} to be numbers in lists or a typed array`;
  throw new ArgumentError({ who, expected, got: show(value) });
}

/** Whether a list holds numbers rather than rows, judged by its first item. */
export const isFlat = (list: Nested): boolean => typeof list[0] === 'number';

/** The shape of nested lists, judged by their first items. `valuesIn` checks every other item against it. */
export function shapeOf(list: Nested): number[] {
  const shape: number[] = [];
  let item: unknown = list;
  // A list that contains itself has no end. One axis more than a tensor can have is enough to refuse it.
  while ((Array.isArray(item) || isTyped(item)) && shape.length <= mostAxes) {
    shape.push(item.length);
    item = isTyped(item) ? undefined : item[0];
  }
  return shape;
}

/**
 * The numbers of nested lists of exactly this shape, rounded to float32. A typed array in them gives all values of the remaining
 * axes, in order. Messages show the shape as `label`. Throws ShapeError for a list of another length and ArgumentError for what
 * is no number; both name the place: `x[3][2]`.
 */
export function valuesIn(
  who: string,
  name: string,
  list: Nested,
  shape: Shape,
  label = show([...shape]),
): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  const place: number[] = [];
  let at = 0;
  const where = () => `${name}${place.map((index) => `[${index}]`).join('')}`;
  const hint = `${name} has the shape ${label}`;
  const expectLength = (items: { length: number }, wanted: number): void => {
    if (items.length === wanted) return;
    throw new ShapeError({ who, expected: `${where()} to hold ${wanted}`, got: `${items.length}`, hint });
  };
  const visit = (item: unknown, axis: number): void => {
    const number = axis === shape.length;
    if (number && typeof item === 'number') {
      values[at++] = item;
    } else if (!number && Array.isArray(item)) {
      expectLength(item, shape[axis]!);
      for (let i = 0; i < item.length; i++) {
        place.push(i);
        visit(item[i], axis + 1);
        place.pop();
      }
    } else if (!number && isTyped(item)) {
      expectLength(item, sizeOf(shape.slice(axis)));
      values.set(storable(who, where(), item), at);
      at += item.length;
    } else {
      const expected = `${where()} to be ${number ? 'a number' : `a list of ${shape[axis]}`}`;
      throw new ArgumentError({ who, expected, got: described(item), hint });
    }
  };
  visit(list, 0);
  return values;
}

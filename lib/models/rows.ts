/** Samples out of memory: lists in lists, typed arrays and tensors as rows of one shape. */
import type { ArrayData } from '../data/index.js';
import { ArgumentError, DataError, ShapeError, show } from '../errors/index.js';
import { toFloat } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import { described, isFlat, isTyped, type Shape, sizeOf, storable, Tensor, tensor, valuesIn } from '../tensor/index.js';

/** Values in memory and the number of samples they make. */
export interface Rows {
  values: Float32Array | Uint8Array;
  count: number;
}

/** `[n, 4, 4, 3]` */
const labelOf = (shape: Shape): string => `[${['n', ...shape].join(', ')}]`;

function floatOrBytes(values: ReturnType<typeof storable>): Rows['values'] {
  return values instanceof Int32Array ? new Float32Array(values) : values;
}

/** Throws ArgumentError for what is no tensor, ShapeError for one whose shape is not `[n, ...shape]`. */
export function checkBatch(who: string, name: string, data: unknown, shape: Shape): void {
  if (!(data instanceof Tensor)) {
    throw new ArgumentError({ who, expected: `${name} to be a tensor ${labelOf(shape)}`, got: described(data) });
  }
  if (data.rank === shape.length + 1 && shape.every((n, i) => n === data.shape[i + 1])) return;
  throw new ShapeError({ who, expected: `${name} ${labelOf(shape)}`, got: show([...data.shape]) });
}

function valuesOf(who: string, name: string, data: ArrayData, shape: Shape): Rows['values'] {
  if (data instanceof Tensor) {
    checkBatch(who, name, data, shape);
    return floatOrBytes(data.data());
  }
  if (!Array.isArray(data) && !isTyped(data)) {
    throw new ArgumentError({
      who,
      expected: `${name} to be a tensor, numbers or a typed array`,
      got: described(data),
    });
  }
  if (isTyped(data)) return floatOrBytes(storable(who, name, data));
  const flat = data.length === 0 || isFlat(data);
  const own = flat ? [data.length] : [data.length, ...shape];
  return valuesIn(who, name, data, own, flat ? `[${data.length}], as it begins with a number` : labelOf(shape));
}

/** The number a user gave as value `index` of samples, before it was rounded. */
function given(data: ArrayData, index: number, shape: Shape): number {
  if (data instanceof Tensor) return data.data()[index]!;
  let [item, at, size]: [unknown, number, number] = [data, index, sizeOf(shape)];
  if (Array.isArray(item) && isFlat(item)) return item[index];
  for (const length of [...shape, 1]) {
    if (!Array.isArray(item)) break;
    item = item[Math.floor(at / size)];
    at %= size;
    size /= length;
  }
  return Array.isArray(item) || isTyped(item) ? Number((item as number[])[at]) : Number(item);
}

/** Throws DataError for the first value that is not finite as a float32. */
function checkFinite(who: string, name: string, data: ArrayData, values: Rows['values'], shape: Shape): void {
  const bad = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const value = given(data, bad, shape);
  const expected = Number.isFinite(value) ? `${name} within the range of float32` : `${name} without NaN and Infinity`;
  throw new DataError({ who, expected, got: `${value} in sample ${Math.floor(bad / sizeOf(shape))}` });
}

/**
 * Rows of `shape` out of `data`. Throws ShapeError for another shape or values that make no whole rows, ArgumentError for
 * what is no number, DtypeError for 64-bit integers, DataError for what is NaN, infinite or beyond float32.
 */
export function rowsOf(who: string, name: string, data: ArrayData, shape: Shape): Rows {
  const values = valuesOf(who, name, data, shape);
  const size = sizeOf(shape);
  if (values.length === 0 || values.length % size !== 0) {
    const expected = `${name} to hold samples ${show([...shape])} of ${size} values each`;
    throw new ShapeError({ who, expected, got: `${values.length} values` });
  }
  checkFinite(who, name, data, values, shape);
  return { values, count: values.length / size };
}

/** Copies rows into a tensor, of the type that they have. */
export function gather(runtime: Runtime, { values }: Rows, indices: Uint32Array, shape: Shape): Tensor {
  const size = sizeOf(shape);
  const picked = new (values instanceof Uint8Array ? Uint8Array : Float32Array)(indices.length * size);
  indices.forEach((index, i) => {
    picked.set(values.subarray(index * size, (index + 1) * size), i * size);
  });
  return tensor(runtime, picked, [indices.length, ...shape]);
}

/** The tensor as float32; one of another dtype is disposed. */
export function asFloat(x: Tensor): Tensor {
  if (x.dtype === 'float32') return x;
  const y = toFloat(x);
  x.dispose();
  return y;
}

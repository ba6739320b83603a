/** Tensors from values. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';
import type { Runtime } from '../runtime/index.js';
import { checkShape, type Dtype, dtypeArrays, type Shape, sizeOf, type TensorData } from './shape.js';
import { Tensor } from './tensor.js';
import {
  checkNumbers,
  dtypeOf,
  isFlat,
  isTyped,
  type Nested,
  type NumberArray,
  shapeOf,
  storable,
  valuesIn,
} from './values.js';

/** The numbers with their own shape, or with `shape` where it is given. */
function numbersOf(values: NumberArray | Nested, shape: Shape | undefined): { typed: TensorData; own: Shape } {
  if (isTyped(values)) {
    const typed = storable('tensor', 'values', values);
    return { typed, own: shape ?? [typed.length] };
  }
  const flat = shape !== undefined && (values.length === 0 || isFlat(values));
  const own = flat ? [values.length] : (shape ?? shapeOf(values));
  checkShape('tensor', own);
  return { typed: valuesIn('tensor', 'values', values, own), own: shape ?? own };
}

/**
 * A tensor with these values, row-major. Float32, int32 and uint8 arrays keep their dtype, and clamped bytes become uint8.
 * Numbers and all other arrays become float32, rounded once where they need more bits. Without `shape` the tensor has the shape of
 * the lists, whose rows must have one length. With `shape`, nested lists must have exactly that shape; a typed array or a flat list
 * gives the values in order. Throws ShapeError for another number of values or a row of another length, ArgumentError for what is
 * no number, DtypeError for 64-bit integers.
 * Example: `tensor(runtime, [[1, 2], [3, 4]])`, or `tensor(runtime, [1, 2, 3, 4], [2, 2])`.
 */
export function tensor(runtime: Runtime, values: NumberArray | Nested, shape?: Shape): Tensor {
  checkNumbers('tensor', 'values', values);
  if (shape !== undefined) checkShape('tensor', shape);
  const { typed, own } = numbersOf(values, shape);
  if (sizeOf(own) !== typed.length) {
    throw new ShapeError({ who: 'tensor', expected: `${sizeOf(own)} values`, got: `${typed.length}` });
  }
  const made = Tensor.empty(runtime, [...own], dtypeOf(typed));
  made.write(typed);
  return made;
}

/** The smallest and the largest integer of a dtype. No number wraps around. */
const ranges = { int32: [-(2 ** 31), 2 ** 31 - 1], uint8: [0, 255] } as const;

function checkValue(value: unknown, dtype: Dtype): void {
  if (dtype === 'float32' && typeof value === 'number') return;
  const [low, high] = dtype === 'float32' ? [0, 0] : ranges[dtype];
  if (dtype !== 'float32' && Number.isInteger(value) && (value as number) >= low && (value as number) <= high) return;
  const expected = dtype === 'float32' ? 'value to be a number' : `value to be an integer from ${low} to ${high}`;
  throw new ArgumentError({ who: 'full', expected, got: show(value) });
}

/** How many values are written at once. A tensor may be larger than any JavaScript array. */
const pieceLength = 2 ** 22;

/** A tensor filled with one value. Throws ArgumentError for a value that the dtype does not hold. */
export function full(runtime: Runtime, shape: Shape, value: number, dtype: Dtype = 'float32'): Tensor {
  checkShape('full', shape);
  checkValue(value, dtype);
  const made = Tensor.empty(runtime, [...shape], dtype);
  const piece = new dtypeArrays[dtype](Math.min(made.size, pieceLength)).fill(value);
  for (let from = 0; from < made.size; from += piece.length) {
    made.write(piece.subarray(0, made.size - from), from);
  }
  return made;
}

/** A tensor of zeros. */
export function zeros(runtime: Runtime, shape: Shape, dtype: Dtype = 'float32'): Tensor {
  return full(runtime, shape, 0, dtype);
}

/** A tensor of ones. */
export function ones(runtime: Runtime, shape: Shape, dtype: Dtype = 'float32'): Tensor {
  return full(runtime, shape, 1, dtype);
}

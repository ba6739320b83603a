/** Shapes and dtypes: plain values and the arithmetic on them. */
import { ShapeError, show } from '../errors/index.js';

/** The lengths of the axes, the outermost first; `[]` for a single number. */
export type Shape = readonly number[];
export const dtypes = ['float32', 'int32', 'uint8'] as const;
/** The type of the values of a tensor. */
export type Dtype = (typeof dtypes)[number];
/** The values of a tensor in row-major order. */
export type TensorData = Float32Array | Int32Array | Uint8Array;

export const dtypeBytes: Record<Dtype, number> = { float32: 4, int32: 4, uint8: 1 };
export const dtypeArrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

/** How many elements a shape holds; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** The most axes that a tensor can have. */
export const mostAxes = 8;

/** Throws ShapeError unless there are at most 8 lengths, integers >= 0, whose product is below 2^53. */
export function checkShape(who: string, shape: Shape): void {
  const lengths = Array.isArray(shape) && shape.length <= mostAxes;
  if (!lengths || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    const got = Array.isArray(shape) ? show([...shape]) : show(shape);
    throw new ShapeError({ who, expected: 'a shape of at most 8 lengths >= 0', got });
  }
  // A length of 0 makes the product 0, but native code multiplies the other lengths all the same.
  if (Number.isSafeInteger(sizeOf(shape.filter((length) => length > 0)))) return;
  throw new ShapeError({ who, expected: 'a shape of fewer than 2^53 values', got: show([...shape]) });
}

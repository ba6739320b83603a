/** Shapes and dtypes: plain values and the arithmetic on them. */
import { ShapeError, show } from '../errors/index.js';

export type Shape = readonly number[];
export const dtypes = ['float32', 'int32', 'uint8'] as const;
export type Dtype = (typeof dtypes)[number];
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

/** Throws ShapeError unless every length is an integer >= 0 and there are at most 8 axes. */
export function checkShape(who: string, shape: Shape): void {
  const good = shape.length <= 8 && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!good) throw new ShapeError({ who, expected: 'a shape of at most 8 lengths >= 0', got: show([...shape]) });
}

/** Tensors from values. */
import { ShapeError } from '../errors/index.js';
import type { Runtime } from '../runtime/index.js';
import { checkShape, type Dtype, dtypeArrays, type Shape, sizeOf, type TensorData } from './shape.js';
import { Tensor } from './tensor.js';

function dtypeOf(values: TensorData): Dtype {
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}

/**
 * A tensor with these values, row-major; plain numbers become float32. Throws ShapeError when their number is not the
 * shape's. Example: `tensor(runtime, [1, 2, 3, 4], [2, 2])`.
 */
export function tensor(runtime: Runtime, values: TensorData | readonly number[], shape?: Shape): Tensor {
  const typed = ArrayBuffer.isView(values) ? values : Float32Array.from(values);
  const wanted = shape ?? [typed.length];
  checkShape('tensor', wanted);
  if (sizeOf(wanted) !== typed.length) {
    throw new ShapeError({ who: 'tensor', expected: `${sizeOf(wanted)} values`, got: `${typed.length}` });
  }
  const made = Tensor.empty(runtime, [...wanted], dtypeOf(typed));
  made.write(typed);
  return made;
}

/** A tensor filled with one value. */
export function full(runtime: Runtime, shape: Shape, value: number, dtype: Dtype = 'float32'): Tensor {
  checkShape('full', shape);
  return tensor(runtime, new dtypeArrays[dtype](sizeOf(shape)).fill(value), shape);
}

/** A tensor of zeros. */
export function zeros(runtime: Runtime, shape: Shape, dtype: Dtype = 'float32'): Tensor {
  return full(runtime, shape, 0, dtype);
}

/** A tensor of ones. */
export function ones(runtime: Runtime, shape: Shape, dtype: Dtype = 'float32'): Tensor {
  return full(runtime, shape, 1, dtype);
}

/** Named tensors, and the layers they belong to: those that share the part of their name before the last `/`. */
import { ShapeError, show } from '../errors/index.js';

/** One tensor of a model: its name (`conv2d/kernel`), shape, dtype, and float32 values in row-major order. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  dtype: string;
  data: Float32Array;
}

/** A tensor without its values. */
export type TensorForm = Omit<NamedTensor, 'data'>;

/** The layer a tensor belongs to: its name up to the last `/`, or the whole name. */
export function layerOf(tensorName: string): string {
  const slash = tensorName.lastIndexOf('/');
  return slash <= 0 ? tensorName : tensorName.slice(0, slash);
}

function describe(tensor: TensorForm | undefined): string {
  return tensor === undefined ? 'none' : `${show(tensor.name)} ${tensor.dtype} ${show([...tensor.shape])}`;
}

/** Throws ShapeError, in the name of `who`, unless two models have tensors of the same names, dtypes and shapes. */
export function requireAlike(a: readonly TensorForm[], b: readonly TensorForm[], who = 'compareWeights'): void {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const left = describe(a[i]);
    const right = describe(b[i]);
    if (left !== right) {
      throw new ShapeError({ who, expected: `tensor ${i} to be ${left} in both models`, got: right });
    }
  }
}

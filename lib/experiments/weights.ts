/** Weights that a trial kept, as distances take them. */
import type { NamedTensor } from '../divergence/index.js';
import { FileError, show } from '../errors/index.js';
import { readSafetensors } from '../runs/index.js';

/** The float32 tensors of a file. Throws FileError if it is not whole or holds others. */
export function readFloatWeights(path: string): NamedTensor[] {
  return readSafetensors(path).tensors.map(({ name, dtype, shape, data }) => {
    if (data instanceof Float32Array) return { name, dtype, shape, data };
    throw new FileError({ who: 'compare', expected: `float32 weights in ${show(path)}`, got: `${name} ${dtype}` });
  });
}

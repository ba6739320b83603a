/** The hash of tensors, as docs/contract.md defines it: two sets of weights have one hash when they have the same bits. */
import { createHash } from 'node:crypto';
import type { TensorData } from '../tensor/index.js';
import { littleEndian, type StoredTensor } from './safetensors.js';

const canonicalNan = 0x7fc00000;

/** The values with every NaN in its one form; the values themselves when there is none to change. */
function canonical(data: TensorData): TensorData {
  if (!(data instanceof Float32Array)) return data;
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const odd = (word: number) => (word & 0x7fffffff) > 0x7f800000 && word !== canonicalNan;
  if (!bits.some(odd)) return data;
  return new Float32Array(bits.map((word) => (odd(word) ? canonicalNan : word)).buffer);
}

/** `sha256:` over names, dtypes, shapes and little-endian values in order, NaNs made canonical. */
export function hashTensors(tensors: Iterable<StoredTensor>): string {
  const hash = createHash('sha256');
  for (const { name, dtype, shape, data } of tensors) {
    hash.update(`${JSON.stringify([name, dtype, shape])}\n`).update(littleEndian(canonical(data)));
  }
  return `sha256:${hash.digest('hex')}`;
}

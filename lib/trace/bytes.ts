/** A tensor as files, hashes and trees take it: its name, and its values out of native memory as bytes. */
import { endianness } from 'node:os';
import { type Dtype, dtypeArrays, dtypeBytes, type Shape, type TensorData } from '../tensor/index.js';

/** A tensor by name, out of native memory. */
export interface StoredTensor {
  name: string;
  dtype: Dtype;
  shape: Shape;
  data: TensorData;
}

/** The values as little-endian bytes. */
export function littleEndian(data: TensorData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return endianness() === 'LE' || data.BYTES_PER_ELEMENT === 1 ? bytes : Buffer.from(bytes).swap32();
}

/** The values in little-endian bytes, as memory of their own. */
export function valuesOf(bytes: Uint8Array, dtype: Dtype): TensorData {
  const own = Uint8Array.from(bytes); // a copy at offset 0, also of a Buffer, whose slice is a view
  if (endianness() === 'BE' && dtypeBytes[dtype] === 4) Buffer.from(own.buffer).swap32();
  return new dtypeArrays[dtype](own.buffer);
}

const canonicalNan = 0x7fc00000;
const oddNan = (word: number) => (word & 0x7fffffff) > 0x7f800000 && word !== canonicalNan;

/** Whether any value is a NaN. */
function hasNan(words: Int32Array): boolean {
  // A plain loop without a branch: it looks at every weight and gradient of a traced step. The sign of `found` is set by
  // every magnitude above that of infinity.
  let found = 0;
  for (let i = 0; i < words.length; i += 1) found |= 0x7f800000 - (words[i]! & 0x7fffffff);
  return found < 0;
}

/** The values with every NaN in its one form (docs/contract.md, Hashes); themselves when there is none to change. */
function canonical(data: TensorData): TensorData {
  if (!(data instanceof Float32Array)) return data;
  const words = new Int32Array(data.buffer, data.byteOffset, data.length);
  if (!hasNan(words)) return data;
  return new Float32Array(words.map((word) => (oddNan(word) ? canonicalNan : word)).buffer);
}

/** What is hashed of a tensor's values: little-endian, NaNs made canonical. */
export const canonicalBytes = (data: TensorData): Uint8Array => littleEndian(canonical(data));

/** What is hashed of a tensor before its values: one JSON line of its name, dtype and shape. */
export const headerLine = ({ name, dtype, shape }: Omit<StoredTensor, 'data'>): string =>
  `${JSON.stringify([name, dtype, shape])}\n`;

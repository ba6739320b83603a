/** Arrays as files of other libraries hold them: any number type, little-endian bytes; and how their values become tensors. */
import { FileError, show } from '../errors/index.js';
import { type Shape, sizeOf } from '../tensor/index.js';
import { littleEndian, type StoredTensor, valuesOf } from '../trace/index.js';

/** The number types of files, by the words of safetensors. */
export type FileDtype =
  | ('F16' | 'BF16' | 'F32' | 'F64' | 'I8' | 'I16' | 'I32' | 'I64')
  | ('U8' | 'U16' | 'U32' | 'U64' | 'BOOL');

/** An array of a file. */
export interface FileArray {
  readonly name: string;
  readonly dtype: FileDtype;
  readonly shape: Shape;
  /** Its values, little-endian, row after row. */
  readonly bytes: Uint8Array;
}

/** What is done with a value that float32 does not have: 'refuse' it, or 'round' it to the nearest. */
export type Inexact = 'refuse' | 'round';

type Kind = { readonly size: number; read(view: DataView, at: number): number | bigint };

/** The value of a float16: one bit of sign, five of exponent, ten of fraction. */
function half(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const upper = new DataView(new ArrayBuffer(4));
/** The value of a bfloat16: the upper half of a float32. */
function brain(word: number): number {
  upper.setUint16(0, word);
  return upper.getFloat32(0);
}

const kinds: Readonly<Record<FileDtype, Kind>> = {
  F16: { size: 2, read: (view, at) => half(view.getUint16(at, true)) },
  BF16: { size: 2, read: (view, at) => brain(view.getUint16(at, true)) },
  F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  I8: { size: 1, read: (view, at) => view.getInt8(at) },
  I16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  I64: { size: 8, read: (view, at) => view.getBigInt64(at, true) },
  U8: { size: 1, read: (view, at) => view.getUint8(at) },
  U16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  U32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  U64: { size: 8, read: (view, at) => view.getBigUint64(at, true) },
  BOOL: { size: 1, read: (view, at) => view.getUint8(at) },
};

/** Bytes of a value. */
export const bytesOf = (dtype: FileDtype): number => kinds[dtype].size;

/** Whether a text is one of the number types. */
export const isFileDtype = (word: string): word is FileDtype => Object.hasOwn(kinds, word);

type Numbers = Float32Array | Int32Array | Uint8Array;

/** The values in an array of this kind, and the first that it does not have. */
function converted<A extends Numbers>(array: FileArray, into: new (length: number) => A): { data: A; lost?: string } {
  const { size, read } = kinds[array.dtype];
  const view = new DataView(array.bytes.buffer, array.bytes.byteOffset, array.bytes.byteLength);
  const data = new into(sizeOf(array.shape));
  let lost: string | undefined;
  for (let i = 0; i < data.length; i++) {
    const value = read(view, i * size);
    data[i] = Number(value);
    const kept = data[i]!;
    const same = typeof value === 'bigint' ? Number.isFinite(kept) && BigInt(kept) === value : Object.is(kept, value);
    if (!same && lost === undefined && !(Number.isNaN(kept) && Number.isNaN(Number(value)))) lost = `${value} at ${i}`;
  }
  return { data, ...(lost !== undefined && { lost }) };
}

/** What a conversion is told: the file, for messages, and what is done with values that float32 does not have. */
export interface Converting {
  path: string;
  inexact?: Inexact;
}

/**
 * The values as float32. Throws FileError for a value that float32 does not have, unless they are to be rounded; of 16-bit floats it
 * has all.
 */
export function asFloat32(array: FileArray, { path, inexact = 'refuse' }: Converting): Float32Array {
  const { name, dtype, bytes } = array;
  // The bits of a NaN survive a copy of bytes, and may not survive a number.
  if (dtype === 'F32') return valuesOf(bytes, 'float32') as Float32Array;
  const { data, lost } = converted(array, Float32Array);
  if (lost === undefined || inexact === 'round') return data;
  throw new FileError({
    who: 'weights',
    expected: `values of ${show(name)} in ${show(path)} that float32 has`,
    got: `${dtype} ${lost}`,
    hint: "inexact: 'round' takes the nearest",
  });
}

/** What number type holds an array exactly: integers stay integers where they fit. */
const candidates: Readonly<Record<FileDtype, readonly StoredTensor['dtype'][]>> = {
  ...{ F16: ['float32'], BF16: ['float32'], F32: ['float32'], F64: ['float32'] },
  ...{ I8: ['int32'], I16: ['int32'], I32: ['int32'], I64: ['int32', 'float32'] },
  ...{ U8: ['uint8'], U16: ['int32'], U32: ['int32', 'float32'], U64: ['int32', 'float32'], BOOL: ['uint8'] },
};

/**
 * The array as a tensor with the same values: integers as int32 where they fit, bytes and booleans as uint8, the rest as float32.
 * Throws FileError as `asFloat32` does.
 */
export function asTensor(array: FileArray, converting: Converting): StoredTensor {
  const { name, shape, dtype } = array;
  for (const kind of candidates[dtype]) {
    if (kind === 'float32') return { name, dtype: kind, shape, data: asFloat32(array, converting) };
    const { data, lost } = kind === 'int32' ? converted(array, Int32Array) : converted(array, Uint8Array);
    if (lost === undefined) return { name, dtype: kind, shape, data };
  }
  return { name, dtype: 'float32', shape, data: asFloat32(array, converting) };
}

const words: Readonly<Record<StoredTensor['dtype'], FileDtype>> = { float32: 'F32', int32: 'I32', uint8: 'U8' };

/** A tensor as an array for a file. */
export const fileArray = ({ name, dtype, shape, data }: StoredTensor): FileArray => ({
  ...{ name, shape },
  dtype: words[dtype],
  bytes: littleEndian(data),
});

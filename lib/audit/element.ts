/** The first element in which two tensors of one name, dtype and shape differ, with both values. */
import { ulpDistanceOfBits } from '../divergence/index.js';
import type { TensorData } from '../tensor/index.js';
import type { StoredTensor } from '../trace/index.js';

/** A value as people and as machines read it: nine significant digits tell any two float32 values apart. */
export interface Value {
  decimal: string;
  /** Bits of the value, `0x3f800000`. */
  hex: string;
}

/** Where two tensors differ first. */
export interface ElementDifference {
  tensor: string;
  dtype: string;
  shape: readonly number[];
  /** Place along every axis. */
  at: number[];
  a: Value;
  b: Value;
  /** Representable values between the two (docs of `ulpDistance`); null for integers. */
  ulp: number | null;
  /** How many elements differ, of how many. */
  differing: number;
  elements: number;
}

/** The bits of every value, NaNs in their one form. */
function wordsOf(data: TensorData): Uint32Array | Int32Array | Uint8Array {
  if (!(data instanceof Float32Array)) return data;
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return words.map((word) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word));
}

function decimal(value: number, isFloat: boolean): string {
  if (Object.is(value, -0)) return '-0';
  return isFloat && Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value);
}

/** A float32 value as people and as machines read it. */
export function floatValue(value: number): Value {
  const word = wordsOf(Float32Array.of(value))[0]! >>> 0;
  return { decimal: decimal(value, true), hex: `0x${word.toString(16).padStart(8, '0')}` };
}

function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = index;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = (rest - (rest % length)) / length;
  }
  return place;
}

/** Where two tensors of one name, dtype and shape differ first; undefined where they have the same bits. */
export function firstElement(a: StoredTensor, b: StoredTensor): ElementDifference | undefined {
  const [left, right] = [wordsOf(a.data), wordsOf(b.data)];
  let first = -1;
  let differing = 0;
  for (let i = 0; i < left.length; i += 1) {
    if (left[i] === right[i]) continue;
    if (first < 0) first = i;
    differing += 1;
  }
  if (first < 0) return undefined;
  const { name, dtype, shape } = a;
  const isFloat = dtype === 'float32';
  const value = (words: ArrayLike<number>, data: TensorData): Value => ({
    decimal: decimal(data[first]!, isFloat),
    hex: `0x${(words[first]! >>> 0).toString(16).padStart(2 * data.BYTES_PER_ELEMENT, '0')}`,
  });
  return {
    tensor: name,
    dtype,
    shape: [...shape],
    at: placeOf(first, shape),
    a: value(left, a.data),
    b: value(right, b.data),
    ulp: isFloat ? ulpDistanceOfBits(left[first]!, right[first]!) : null,
    differing,
    elements: left.length,
  };
}

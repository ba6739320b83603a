/**
 * Tensors in a file, in the safetensors format: eight bytes with the length of a JSON header, the header padded with
 * spaces to a multiple of eight, then the values, little-endian, in the order given.
 */
import { readFileSync } from 'node:fs';
import { FileError, show } from '../errors/index.js';
import { type Pieces, piecesOf, reason, writeWhole } from '../files/index.js';
import { type Dtype, dtypeBytes, sizeOf } from '../tensor/index.js';
import { littleEndian, type StoredTensor, valuesOf } from '../trace/index.js';
import { bytesOf, type FileArray, isFileDtype } from './arrays.js';
import { repeatedKey } from './json_keys.js';

/** What a file holds: tensors in order, and words about them. */
export interface TensorFile {
  tensors: StoredTensor[];
  metadata: Record<string, string>;
}

const wordOf: Record<Dtype, string> = { float32: 'F32', int32: 'I32', uint8: 'U8' };
export const dtypeOf: ReadonlyMap<string, Dtype> = new Map<string, Dtype>(
  Object.entries(wordOf).map(([dtype, word]) => [word, dtype as Dtype]),
);
const metadataKey = '__metadata__';
/** As the format's own reader has it. */
const mostHeaderBytes = 100_000_000;

/** The bytes of a file with these tensors. Throws FileError for a name used twice. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [[metadataKey, metadata]];
  let end = 0;
  for (const { name, dtype, shape } of tensors) {
    if (entries.some(([taken]) => taken === name)) {
      throw new FileError({
        who: 'safetensors',
        expected: 'tensors of different names',
        got: `two called ${show(name)}`,
      });
    }
    const begin = end;
    end += sizeOf(shape) * dtypeBytes[dtype];
    entries.push([name, { dtype: wordOf[dtype], shape, data_offsets: [begin, end] }]);
  }
  // Written entry by entry: an object would move names that look like numbers to the front.
  const text = `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`;
  const unpadded = Buffer.from(text);
  const header = Buffer.alloc(Math.ceil(unpadded.length / 8) * 8, ' ');
  unpadded.copy(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(({ data }) => littleEndian(data))]);
}

/** Writes a file whole. Throws FileError when it cannot be written. */
export function writeSafetensors(path: string, file: TensorFile): void {
  writeWhole(path, encodeSafetensors(file));
}

/** Reads a file. Throws FileError when it cannot be read or is no whole safetensors file of dtypes we have. */
export function readSafetensors(path: string): TensorFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const got = reason(error);
    throw new FileError({ who: 'safetensors', expected: `a file ${show(path)}`, got }, { cause: error });
  }
  return decodeSafetensors(bytes, path);
}

const refusing =
  (path: string): Refuse =>
  (got) => {
    throw new FileError({ who: 'safetensors', expected: `a whole file ${show(path)}`, got });
  };

/** The tensors in a file's bytes, of dtypes we have; `path` is for messages. Throws FileError, whatever the bytes are. */
export function decodeSafetensors(bytes: Uint8Array, path: string): TensorFile {
  const { arrays, metadata } = decodeArrays(bytes, path, (word) => dtypeOf.has(word));
  const tensors = arrays.map(({ name, dtype: word, shape, bytes }): StoredTensor => {
    const dtype = dtypeOf.get(word)!;
    return { name, dtype, shape, data: valuesOf(bytes, dtype) };
  });
  return { tensors, metadata };
}

/**
 * The arrays in a file's bytes, of any number type, and the words about them. Their bytes are views. Throws FileError, whatever the
 * bytes are.
 */
export function decodeArrays(
  bytes: Uint8Array,
  path: string,
  isKnown: (word: string) => boolean = isFileDtype,
): { arrays: FileArray[]; metadata: Record<string, string> } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { places, metadata, begin: values } = layoutOf(piecesOf(buffer), path, isKnown);
  // Only now is anything as large as the file: no two tensors own the same bytes.
  const arrays = places.map(({ name, dtype, shape, begin, end }): FileArray => {
    return { name, dtype, shape, bytes: bytes.subarray(values + begin, values + end) };
  });
  return { arrays, metadata };
}

/** A tensor in a file: its bytes lie from `begin` to `end` behind those of the header. */
export type TensorPlace = ReturnType<typeof placeOf>;

/** What the header of a file says of the rest, and where that begins. Throws FileError, whatever the bytes are. */
export function layoutOf(
  pieces: Pieces,
  path: string,
  isKnown: (word: string) => boolean,
): { places: TensorPlace[]; metadata: Record<string, string>; begin: number } {
  const refuse = refusing(path);
  if (pieces.length < 8) refuse(`${pieces.length} bytes`);
  const length = pieces.read(0, 8).readBigUInt64LE();
  if (length > BigInt(pieces.length - 8)) refuse(`a header of ${length} bytes in a file of ${pieces.length}`);
  if (length > mostHeaderBytes) refuse(`a header of ${length} bytes, more than ${mostHeaderBytes}`);
  const begin = 8 + Number(length);
  const size = pieces.length - begin;
  const { metadata, entries } = parseHeader(pieces.read(8, Number(length)), refuse);
  const places = entries.map(([name, entry]) => placeOf(name, entry, { size, isKnown }, refuse));
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin: start, end } of places) {
    if (start !== at) refuse(`values of ${show(name)} at ${start} instead of ${at}`);
    at = end;
  }
  if (at !== size) refuse(`${size} bytes of values instead of ${at}`);
  return { places, metadata, begin };
}

type Refuse = (got: string) => never;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseHeader(bytes: Uint8Array, refuse: Refuse) {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    return refuse(`a header that is no JSON (${reason(error)})`);
  }
  if (!isObject(header)) return refuse('a header that is no JSON object');
  const twice = repeatedKey(text);
  if (twice !== undefined) return refuse(`${show(twice)} twice in its header`);
  const entries = Object.entries(header).filter(([name]) => name !== metadataKey);
  const metadata = Object.hasOwn(header, metadataKey) ? header[metadataKey] : {};
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) {
    return { metadata: metadata as Record<string, string>, entries };
  }
  return refuse(`${metadataKey} that is no table of texts`);
}

/** The place of a tensor in the file. A tensor of no element has a place, too. */
function placeOf(
  name: string,
  entry: unknown,
  { size, isKnown }: { size: number; isKnown: (word: string) => boolean },
  refuse: Refuse,
) {
  const { dtype: word, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const dtype = typeof word === 'string' && isKnown(word) && isFileDtype(word) ? word : undefined;
  if (dtype === undefined) {
    return refuse(`${show(name)} of dtype ${typeof word === 'string' ? show(word) : 'that is no text'}`);
  }
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!whole(shape) || !whole(offsets) || offsets.length !== 2)
    return refuse(`${show(name)} without shape and offsets`);
  const [begin, end] = offsets as [number, number];
  // A product too large for a number is rounded or infinite, and never as small as a file.
  if (end > size || end - begin !== sizeOf(shape) * bytesOf(dtype)) {
    return refuse(`${show(name)} ${show(shape)} at [${begin}, ${end}] of ${size} bytes`);
  }
  return { name, dtype, shape, begin, end };
}

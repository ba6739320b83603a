/** NumPy's files: `.npy` with one array, and `.npz`, a zip of them. Format: numpy.lib.format, versions 1 to 3. */
import { FileError, show } from '../errors/index.js';
import { sizeOf } from '../tensor/index.js';
import { bytesOf, type FileArray, type FileDtype } from './arrays.js';
import { openZip, zipOf } from './zip.js';

/** NumPy's words without their order of bytes. */
const dtypes = new Map<string, FileDtype>([
  ...(['F16', 'F32', 'F64'] as const).map((dtype) => [`f${bytesOf(dtype)}`, dtype] as const),
  ...(['I8', 'I16', 'I32', 'I64'] as const).map((dtype) => [`i${bytesOf(dtype)}`, dtype] as const),
  ...(['U8', 'U16', 'U32', 'U64'] as const).map((dtype) => [`u${bytesOf(dtype)}`, dtype] as const),
  ['b1', 'BOOL'],
]);
const magic = Buffer.from('\x93NUMPY', 'latin1');
/** A header has no more than the names of three things and a shape. */
const longestHeader = 2 ** 16;

type Refuse = (got: string) => never;

/** What a header says. Python's own notation, of which NumPy writes only this much. */
function headerOf(text: string, refuse: Refuse) {
  const [, order, kind] = /'descr':\s*'([<>|=])(\w+)'/.exec(text) ?? [];
  const [, fortran] = /'fortran_order':\s*(True|False)/.exec(text) ?? [];
  const [, lengths] = /'shape':\s*\(([\d\s,L]*)\)/.exec(text) ?? [];
  if (kind === undefined || fortran === undefined || lengths === undefined)
    return refuse(`the header ${show(text.slice(0, 80).trim())}`);
  const dtype = dtypes.get(kind);
  if (dtype === undefined) return refuse(`values of type ${show(`${order}${kind}`)}`);
  const shape = lengths
    .split(',')
    .map((length) => length.trim().replace(/L$/, ''))
    .filter((length) => length !== '')
    .map(Number);
  if (!shape.every(Number.isSafeInteger) || shape.length > 32) return refuse(`the shape (${lengths})`);
  return { dtype, shape, big: order === '>', fortran: fortran === 'True' };
}

/** The array in the bytes of a `.npy` file. Throws FileError for what is none; objects, records and texts are none. */
export function decodeNpy(bytes: Uint8Array, { path, name }: { path: string; name: string }): FileArray {
  const refuse: Refuse = (got) => {
    const what = name === '' ? '' : ` of ${show(name)}`;
    throw new FileError({ who: 'npy', expected: `an array of numbers${what} in ${show(path)}`, got });
  };
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 12 || !file.subarray(0, 6).equals(magic)) return refuse('no array of NumPy');
  const wide = file[6]! >= 2;
  if (file[6]! < 1 || file[6]! > 3) return refuse(`version ${file[6]} of the format`);
  const begin = wide ? 12 : 10;
  const length = wide ? file.readUInt32LE(8) : file.readUInt16LE(8);
  if (length > longestHeader || begin + length > file.length) return refuse(`a header of ${length} bytes`);
  const { dtype, shape, big, fortran } = headerOf(file.toString('latin1', begin, begin + length), refuse);
  const size = bytesOf(dtype);
  const values = bytes.subarray(begin + length);
  if (values.length !== sizeOf(shape) * size)
    return refuse(`${values.length} bytes of values for ${show(shape)} of ${dtype}`);
  const little = big ? swapped(values, size) : values;
  return { name, dtype, shape, bytes: fortran ? rowMajor(little, shape, size) : little };
}

/** The bytes of every value in the other order. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const own = Uint8Array.from(bytes);
  for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse();
  return own;
}

/** Values that lie column by column, row by row. */
function rowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const index = shape.map(() => 0);
  for (let from = 0; from < bytes.length; from += size) {
    const to = index.reduce((at, one, axis) => at * shape[axis]! + one, 0) * size;
    out.set(bytes.subarray(from, from + size), to);
    for (let axis = 0; axis < shape.length && ++index[axis]! === shape[axis]; axis++) index[axis] = 0;
  }
  return out;
}

/** The bytes of a `.npy` file. Throws FileError for bfloat16, which NumPy does not have. */
export function encodeNpy({ name, dtype, shape, bytes }: FileArray): Uint8Array {
  const [kind] = [...dtypes].find(([, one]) => one === dtype) ?? [];
  if (kind === undefined)
    throw new FileError({ who: 'npy', expected: `a type that NumPy has for ${show(name)}`, got: dtype });
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = bytesOf(dtype) === 1 ? '|' : '<';
  const text = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': (${lengths}), }`;
  // The values begin at a multiple of 64 bytes; the header ends with a line feed.
  const padded = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + padded, ' ');
  magic.copy(head);
  head.writeUInt8(1, 6);
  head.writeUInt8(0, 7);
  head.writeUInt16LE(padded, 8);
  head.write(text, 10, 'latin1');
  head.write('\n', 10 + padded - 1);
  return Buffer.concat([head, bytes]);
}

/**
 * The arrays in the bytes of a `.npz` file, in their order there; with `wanted`, those of which it says so. Throws FileError for what
 * is none and for any damage.
 */
export function decodeNpz(
  bytes: Uint8Array,
  path: string,
  wanted: (name: string) => boolean = () => true,
): FileArray[] {
  const zip = openZip(bytes, path);
  const other = zip.names.find((entry) => !entry.endsWith('.npy'));
  if (other !== undefined)
    throw new FileError({ who: 'npz', expected: `only arrays in ${show(path)}`, got: show(other) });
  const names = zip.names.map((entry) => entry.slice(0, -4)).filter(wanted);
  return names.map((name) => decodeNpy(zip.read(`${name}.npy`), { path, name }));
}

/** The bytes of a `.npz` file with these arrays. */
export const encodeNpz = (arrays: readonly FileArray[]): Uint8Array =>
  zipOf(Object.fromEntries(arrays.map((array) => [`${array.name}.npy`, encodeNpy(array)])));

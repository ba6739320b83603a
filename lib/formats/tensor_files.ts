/** NumPy's files as tensors. */
import { readFileSync } from 'node:fs';
import { ArgumentError, checkOptions, FileError, show, wordOption } from '../errors/index.js';
import { reason, writeWhole } from '../files/index.js';
import type { StoredTensor } from '../trace/index.js';
import { asTensor, fileArray, type Inexact } from './arrays.js';
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from './npy.js';

/** What `readNpy` takes. */
export interface ReadNumpyOptions {
  /** What is done with values that float32 does not have: 'refuse' them, or 'round' to the nearest. Default 'refuse'. */
  inexact?: Inexact;
}

/** What `readNpz` takes. */
export interface ReadNpzOptions extends ReadNumpyOptions {
  /** Which arrays are read; others may hold texts and objects. Default all. */
  names?: readonly string[];
}

function bytesOf(who: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new FileError({ who, expected: `a file ${show(path)}`, got: reason(cause) }, { cause });
  }
}

const inexactOption = (who: string, inexact: Inexact = 'refuse') =>
  wordOption(who, 'inexact', inexact, ['refuse', 'round']);

/**
 * The array in a `.npy` file, its name ''. Integers become int32 where they fit, bytes and booleans uint8, the rest float32. Throws
 * FileError for what is no array of numbers and for values that float32 does not have. Example: `readNpy('x.npy').data`.
 */
export function readNpy(path: string, options: ReadNumpyOptions = {}): StoredTensor {
  checkOptions('readNpy', options, ['inexact']);
  const inexact = inexactOption('readNpy', options.inexact);
  return asTensor(decodeNpy(bytesOf('readNpy', path), { path, name: '' }), { path, inexact });
}

/** Writes one array; its name is not kept. Throws FileError when the file cannot be written. */
export function writeNpy(path: string, tensor: StoredTensor): void {
  writeWhole(path, encodeNpy(fileArray(tensor)));
}

/**
 * The arrays in a `.npz` file, in its order, as readNpy has them. Throws FileError as readNpy does and for a damaged zip, ArgumentError
 * for a name that is not there. Example: `readNpz('data.npz', { names: ['x', 'y'] })`.
 */
export function readNpz(path: string, options: ReadNpzOptions = {}): StoredTensor[] {
  checkOptions('readNpz', options, ['inexact', 'names']);
  const inexact = inexactOption('readNpz', options.inexact);
  const { names } = options;
  const found = decodeNpz(bytesOf('readNpz', path), path, (name) => names?.includes(name) ?? true);
  const other = names?.find((name) => !found.some((array) => array.name === name));
  if (other !== undefined)
    throw new ArgumentError({ who: 'readNpz', expected: `names of arrays in ${show(path)}`, got: show(other) });
  return found.map((array) => asTensor(array, { path, inexact }));
}

/** Writes arrays by their names. Throws FileError when the file cannot be written, and for a name used twice. */
export function writeNpz(path: string, tensors: readonly StoredTensor[]): void {
  const twice = tensors.find(({ name }, i) => tensors.findIndex((one) => one.name === name) < i);
  if (twice !== undefined) {
    throw new FileError({
      who: 'writeNpz',
      expected: 'arrays of different names',
      got: `two called ${show(twice.name)}`,
    });
  }
  writeWhole(path, encodeNpz(tensors.map(fileArray)));
}

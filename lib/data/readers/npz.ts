/**
 * npz: arrays of NumPy in one file, named as Keras's `mnist.npz` or as MedMNIST's files name them. Bytes stay bytes, other numbers
 * become float32. Bytes along three axes are grey pictures, which get their one channel.
 */
import { readFileSync } from 'node:fs';
import { DataError, FileError, show } from '../../errors/index.js';
import { reason } from '../../files/index.js';
import { asFloat32, decodeNpz, type FileArray } from '../../formats/index.js';
import type { ArraySplit } from '../definition.js';
import { type SplitName, splitNames } from '../split_names.js';
import type { ArrayReader } from './reader.js';

const who = 'npz';

type Names = Readonly<Partial<Record<SplitName, readonly [x: string, y: string]>>>;

/** The ways of naming samples and targets of each split. */
const namings: readonly Names[] = [
  { train: ['x_train', 'y_train'], validation: ['x_val', 'y_val'], test: ['x_test', 'y_test'] },
  {
    train: ['train_images', 'train_labels'],
    validation: ['val_images', 'val_labels'],
    test: ['test_images', 'test_labels'],
  },
  { train: ['x', 'y'] },
];

/** Values of an array, bytes where they are bytes. Throws DataError for what float32 does not hold. */
function valuesOf(path: string, array: FileArray): Uint8Array | Float32Array {
  if (array.dtype === 'U8') return array.bytes;
  try {
    return asFloat32(array, { path });
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    const expected = `values of ${show(array.name)} in ${show(path)} that float32 has`;
    throw new DataError(
      { who, expected, got: `other ones, of ${array.dtype}`, hint: 'save them as float32' },
      { cause },
    );
  }
}

function splitOf(path: string, x: FileArray, y: FileArray): ArraySplit {
  for (const { name, shape } of [x, y]) {
    if (shape.length > 0 && !shape.includes(0)) continue;
    throw new DataError({ who, expected: `${show(name)} in ${show(path)} to hold samples`, got: show([...shape]) });
  }
  if (x.shape[0] !== y.shape[0]) {
    const expected = `as many targets in ${show(y.name)} as samples in ${show(x.name)} of ${show(path)} (${x.shape[0]})`;
    throw new DataError({ who, expected, got: `${y.shape[0]}` });
  }
  const own = x.shape.slice(1);
  const sampleShape = own.length === 0 || (own.length === 2 && x.dtype === 'U8') ? [...own, 1] : own;
  return { x: valuesOf(path, x), y: valuesOf(path, y), sampleShape, targetShape: y.shape.slice(1) };
}

/** The arrays of a file by name. Throws DataError for what cannot be read or is damaged. */
function arraysOf(path: string): Map<string, FileArray> {
  const wanted = new Set(namings.flatMap((names) => Object.values(names).flat()));
  try {
    const arrays = decodeNpz(readFileSync(path), path, (name) => wanted.has(name));
    return new Map(arrays.map((array) => [array.name, array]));
  } catch (cause) {
    const got = cause instanceof FileError ? cause.message : reason(cause);
    throw new DataError({ who, expected: `arrays in ${show(path)}`, got }, { cause });
  }
}

/** x_train is what is learned; x_val is what is judged by, or x_test where there is no x_val. */
export const npz: ArrayReader = {
  kind: 'arrays',
  name: 'npz',
  what: 'a file of arrays of NumPy',
  takes: 'file',
  read(path) {
    const arrays = arraysOf(path);
    const names = namings.find(({ train }) => train!.every((name) => arrays.has(name)));
    if (names === undefined) {
      const pairs = namings.map(({ train }) => train!.map(show).join(' and '));
      const got = [...arrays.keys()].map(show).join(', ') || 'none of them';
      throw new DataError({ who, expected: `the arrays ${pairs.join(', or ')} in ${show(path)}`, got });
    }
    const splits = splitNames.flatMap((split) => {
      const [x, y] = names[split]?.map((name) => ({ name, array: arrays.get(name) })) ?? [];
      if (x?.array === undefined && y?.array === undefined) return [];
      const lacking = [x!, y!].find(({ array }) => array === undefined);
      if (lacking === undefined) return [[split, splitOf(path, x!.array!, y!.array!)] as const];
      const beside = show((lacking === x ? y! : x!).name);
      throw new DataError({
        who,
        expected: `${show(lacking.name)} beside ${beside} in ${show(path)}`,
        got: 'no such array',
      });
    });
    const found: Partial<Record<SplitName, ArraySplit>> = Object.fromEntries(splits);
    const { train, validation, test } = found;
    const judged = validation === undefined ? { validation: test } : { validation, test };
    return { train: train!, ...judged };
  },
};

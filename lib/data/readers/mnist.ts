/**
 * mnist: digits, or whatever else is kept in files like those of MNIST: pictures and labels in the IDX format, plain or gzip
 * (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist). Samples are bytes [h, w, 1], targets classes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DataError, show } from '../../errors/index.js';
import type { ArraySplit } from '../definition.js';
import type { ArrayReader } from './reader.js';

const who = 'mnist';

/** The bytes of a file that is there plain or with the ending .gz. Throws DataError for one that is not, or is no gzip file. */
function bytesOf(folder: string, name: string): { path: string; bytes: Buffer } {
  const path = [name, `${name}.gz`].map((file) => join(folder, file)).find(existsSync);
  if (path === undefined) {
    throw new DataError({ who, expected: `${name} or ${name}.gz in ${show(folder)}`, got: 'no such file' });
  }
  const bytes = readFileSync(path);
  if (!path.endsWith('.gz')) return { path, bytes };
  try {
    return { path, bytes: gunzipSync(bytes) };
  } catch (cause) {
    throw new DataError(
      { who, expected: `${show(path)} to be a whole gzip file`, got: (cause as Error).message },
      { cause },
    );
  }
}

/** An array of bytes in the IDX format: 0, 0, 8 for bytes, the number of axes, each length as a big-endian word, the values. */
function idxOf(folder: string, name: string, axes: number): { path: string; shape: number[]; values: Uint8Array } {
  const { path, bytes } = bytesOf(folder, name);
  const refuse = (expected: string, got: string): never => {
    throw new DataError({ who, expected: `${show(path)} to ${expected}`, got });
  };
  const head = 4 + 4 * axes;
  if (bytes.length < head) refuse(`begin with ${head} bytes of IDX`, `${bytes.length} bytes`);
  const magic = bytes.readUInt32BE(0);
  const wanted = 0x0800 + axes;
  if (magic !== wanted) refuse(`begin with the magic number ${wanted}, bytes along ${axes} axes`, `${magic}`);
  const shape = Array.from({ length: axes }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length - head !== size) refuse(`hold ${show(shape)}, ${size} values`, `${bytes.length - head}`);
  if (size === 0) refuse('hold values', show(shape));
  return { path, shape, values: bytes.subarray(head) };
}

/** Pictures and labels of one split, whose files begin with `prefix`. */
function splitOf(folder: string, prefix: string): ArraySplit & { y: Uint8Array } {
  const labels = idxOf(folder, `${prefix}-labels-idx1-ubyte`, 1);
  const pictures = idxOf(folder, `${prefix}-images-idx3-ubyte`, 3);
  const [count, height, width] = pictures.shape as [number, number, number];
  if (labels.values.length !== count) {
    const expected = `as many labels in ${show(labels.path)} as pictures in ${show(pictures.path)} (${count})`;
    throw new DataError({ who, expected, got: `${labels.values.length}` });
  }
  return { x: pictures.values, y: labels.values, sampleShape: [height, width, 1] };
}

/** train-*-ubyte is what is learned, t10k-*-ubyte, if it is there, what is judged by. */
export const mnist: ArrayReader = {
  kind: 'arrays',
  name: 'mnist',
  what: 'a folder of IDX files as those of MNIST',
  takes: 'folder',
  read(folder) {
    const train = splitOf(folder, 'train');
    const judged = ['t10k-labels-idx1-ubyte', 't10k-labels-idx1-ubyte.gz'].some((name) =>
      existsSync(join(folder, name)),
    );
    const validation = judged ? splitOf(folder, 't10k') : undefined;
    // All labels count, so that the first few samples have as many classes as all of them.
    const most = [train, validation].reduce(
      (largest, split) => split?.y.reduce((a, b) => Math.max(a, b), largest) ?? largest,
      1,
    );
    const classNames = Array.from({ length: most + 1 }, (_, i) => `${i}`);
    return { train, ...(validation && { validation }), classNames, targets: 'class' };
  },
};

/**
 * cifar10: pictures of 32 x 32 in ten classes, in the binary files of CIFAR-10 (Krizhevsky, Learning Multiple Layers of Features
 * from Tiny Images, 2009). A record is a byte with the class, then the red, the green and the blue values, row by row. Samples
 * are bytes [32, 32, 3].
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, show } from '../../errors/index.js';
import type { ArraySplit } from '../definition.js';
import type { ArrayReader } from './reader.js';

const who = 'cifar10';

const classNames = [
  ...(['airplane', 'automobile', 'bird', 'cat', 'deer'] as const),
  ...(['dog', 'frog', 'horse', 'ship', 'truck'] as const),
];

const [side, channels] = [32, 3];
const plane = side * side;
const record = 1 + plane * channels;
/** Batches of the training set. */
const batches = 5;

/** The records in files, one after the other. */
function splitOf(paths: readonly string[]): ArraySplit {
  const files = paths.map((path) => ({ path, bytes: readFileSync(path) }));
  const counts = files.map(({ path, bytes }) => {
    const count = bytes.length / record;
    if (Number.isInteger(count) && count > 0) return count;
    throw new DataError({
      who,
      expected: `${show(path)} to hold records of ${record} bytes`,
      got: `${bytes.length} bytes`,
    });
  });
  const length = counts.reduce((sum, count) => sum + count, 0);
  const x = new Uint8Array(length * plane * channels);
  const y = new Uint8Array(length);
  let sample = 0;
  files.forEach(({ path, bytes }, file) => {
    for (let i = 0; i < counts[file]!; i++, sample++) {
      const at = i * record;
      y[sample] = bytes[at]!;
      if (y[sample]! >= classNames.length) {
        const got = `${y[sample]} in record ${i}, byte ${at}`;
        throw new DataError({ who, expected: `classes from 0 to ${classNames.length - 1} in ${show(path)}`, got });
      }
      const to = sample * plane * channels;
      for (let channel = 0; channel < channels; channel++) {
        const from = at + 1 + channel * plane;
        for (let place = 0; place < plane; place++) x[to + place * channels + channel] = bytes[from + place]!;
      }
    }
  });
  return { x, y, sampleShape: [side, side, channels] };
}

/** data_batch_1.bin to data_batch_5.bin, as many as there are, are learned; test_batch.bin, if it is there, is what is judged by. */
export const cifar10: ArrayReader = {
  kind: 'arrays',
  name: 'cifar10',
  what: 'a folder of the binary files of CIFAR-10',
  takes: 'folder',
  read(folder) {
    const names = Array.from({ length: batches }, (_, i) => `data_batch_${i + 1}.bin`);
    const isThere = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? false;
    const last = names.findLastIndex(isThere);
    const lacking = names.slice(0, Math.max(last, 1)).find((name) => !isThere(name));
    if (lacking !== undefined) {
      throw new DataError({ who, expected: `${lacking} in ${show(folder)}`, got: 'no such file' });
    }
    const train = splitOf(names.slice(0, last + 1).map((name) => join(folder, name)));
    const judged = join(folder, 'test_batch.bin');
    const validation = existsSync(judged) ? splitOf([judged]) : undefined;
    return { train, ...(validation && { validation }), classNames, targets: 'class' };
  },
};

// Arrays of a .npz file as data: the names that Keras and MedMNIST give them, grey pictures, and what is refused.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { encodeNpz, type FileArray } from '../../lib/formats/index.js';
import { openData } from '../../lib/tasks/index.js';
import { samebits } from '../support/cli.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-npz-'));
afterAll(() => rmSync(root, { recursive: true }));

const bytes = (name: string, shape: number[], from = 0): FileArray => ({
  ...{ name, shape, dtype: 'U8' },
  bytes: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7 + from) % 256),
});
const words = (name: string, shape: number[], values: readonly number[]): FileArray => ({
  ...{ name, shape, dtype: 'I64' },
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const doubles = (name: string, shape: number[], values: readonly number[]): FileArray => ({
  ...{ name, shape, dtype: 'F64' },
  bytes: new Uint8Array(Float64Array.from(values).buffer),
});

function fileOf(name: string, arrays: readonly FileArray[]): string {
  const file = path.join(root, name);
  writeFileSync(file, encodeNpz(arrays));
  return file;
}

const open = async (file: string) => (await openData({ data: `npz:${file}` })).dataset;

it('reads Keras’s names, gives grey pictures their channel and keeps bytes', async () => {
  const keras = [
    ...[bytes('x_train', [3, 4, 5]), words('y_train', [3], [0, 2, 1])],
    ...[bytes('x_test', [2, 4, 5], 9), words('y_test', [2], [1, 2])],
  ];
  const { train, validation, classNames, test } = await open(fileOf('keras.npz', keras));
  expect([train.sampleShape, validation!.length, classNames, test]).toEqual([[4, 5, 1], 2, ['0', '1', '2'], undefined]);
  expect(train.read([1]).x).toEqual(bytes('', [3, 4, 5]).bytes.subarray(20, 40));
  expect(Array.from(train.labels!)).toEqual([0, 2, 1]);
});

it('reads MedMNIST’s names with all three splits, and floats that float32 has', async () => {
  const labels = (split: string) => words(`${split}_labels`, [2, 1], [0, 1]);
  const images = (split: string) => doubles(`${split}_images`, [2, 2], [0.5, 1, -2, 3]);
  const dataset = await open(
    fileOf(
      'med.npz',
      ['test', 'train', 'val'].flatMap((split) => [labels(split), images(split)]),
    ),
  );
  expect(dataset.description.splits.map(({ name, samples }) => [name, samples])).toEqual([
    ['train', 2],
    ['validation', 2],
    ['test', 2],
  ]);
  expect(Array.from(dataset.train.read([1, 0]).x)).toEqual([-2, 3, 0.5, 1]);
});

it('is asked for by the command line, which names the forms that there are', () => {
  const none = samebits(['train', '--model', 'keras_convnet', '--data', 'npz:none.npz'], {}, root);
  expect(none.stderr).toBe(
    "samebits: --data: expected npz: and a file of arrays of NumPy, got 'none.npz'; there is no such file\n",
  );
  const other = samebits(['train', '--model', 'keras_convnet', '--data', 'none'], {}, root);
  expect(other.stderr).toContain('npz:FILE');
});

const [x, y] = [bytes('x', [2, 3]), words('y', [2], [0, 1])];
const refusals: [string, readonly FileArray[], (at: string) => string][] = [
  [
    'other names',
    [bytes('pictures', [2, 3]), y],
    (at) =>
      `npz: expected the arrays 'x_train' and 'y_train', or 'train_images' and 'train_labels', or 'x' and 'y' in '${at}', got 'y'`,
  ],
  [
    'fewer labels',
    [x, words('y', [1], [0])],
    (at) => `npz: expected as many targets in 'y' as samples in 'x' of '${at}' (2), got 1`,
  ],
  ['a number', [words('x', [], [1]), y], (at) => `npz: expected 'x' in '${at}' to hold samples, got []`],
  [
    'half a split',
    [bytes('x_train', [2, 3]), words('y_train', [2], [0, 1]), bytes('x_test', [1, 3])],
    (at) => `npz: expected 'y_test' beside 'x_test' in '${at}', got no such array`,
  ],
  [
    'values of more digits',
    [doubles('x', [2, 1], [0.1, 1]), y],
    (at) => `npz: expected values of 'x' in '${at}' that float32 has, got other ones, of F64; save them as float32`,
  ],
];

it.each(refusals)('is refused with %s', async (name, arrays, message) => {
  const file = fileOf(`${name}.npz`, arrays);
  await expect(open(file)).rejects.toThrow(expect.objectContaining({ code: 'DATA', message: message(file) }));
});

it('is refused when it is cut off, in the words of the archive', async () => {
  const file = path.join(root, 'cut.npz');
  writeFileSync(file, encodeNpz([x, y]).subarray(0, 50));
  await expect(open(file)).rejects.toThrow(
    `npz: expected arrays in '${file}', got zip: expected a whole archive '${file}', got no list of entries`,
  );
});

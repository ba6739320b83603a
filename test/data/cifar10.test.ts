// The reader of CIFAR-10's binary files: planes become pixels, batches follow each other, and files that are not whole are refused.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openData } from '../../lib/tasks/index.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-cifar10-'));
afterAll(() => rmSync(root, { recursive: true }));

const plane = 32 * 32;
const record = 1 + 3 * plane;
const pixelOf = (sample: number, channel: number, place: number) => (sample * 31 + channel * 101 + place * 7) % 256;

/** Records `first` and those behind it, each of the class of its number. */
function batch(first: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * record);
  for (let i = 0; i < count; i++) {
    bytes[i * record] = (first + i) % 10;
    for (let channel = 0; channel < 3; channel++) {
      for (let place = 0; place < plane; place++) {
        bytes[i * record + 1 + channel * plane + place] = pixelOf(first + i, channel, place);
      }
    }
  }
  return bytes;
}

function folderOf(name: string, files: Record<string, Buffer>): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(path.join(folder, file), bytes);
  return folder;
}

const open = async (folder: string, more = {}) => (await openData({ data: `cifar10:${folder}`, ...more })).dataset;

it('gives pixels of three channels, the batches in their order, and the test batch to judge by', async () => {
  const files = { 'data_batch_1.bin': batch(0, 12), 'data_batch_2.bin': batch(12, 3), 'test_batch.bin': batch(50, 4) };
  const { train, validation, classNames } = await open(folderOf('whole', files));
  expect([train.length, validation!.length, train.sampleShape]).toEqual([15, 4, [32, 32, 3]]);
  expect(classNames.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird']);
  const { x, y } = train.read([13]);
  expect([Array.from(y), x.constructor]).toEqual([[3], Uint8Array]);
  const pixels = Array.from({ length: plane }, (_, place) => [0, 1, 2].map((channel) => pixelOf(13, channel, place)));
  expect(Array.from(x)).toEqual(pixels.flat());
});

it('counts the samples of each class, and holds some out with the test batch kept aside', async () => {
  const folder = folderOf('held', { 'data_batch_1.bin': batch(0, 40), 'test_batch.bin': batch(50, 10) });
  const dataset = await open(folder, { validationSamples: 20, splitSeed: 3 });
  const counts = dataset.description.splits.map(({ name, samples, classes }) => [
    ...[name, samples],
    new Set(classes.map((one) => one.samples)),
  ]);
  expect(counts).toEqual([
    ['train', 20, new Set([2])],
    ['validation', 20, new Set([2])],
    ['test', 10, new Set([1])],
  ]);
  expect(dataset.test!.length).toBe(10);
});

const refusals: [string, Record<string, Buffer>, (at: string) => string][] = [
  ['absent', {}, (at) => `cifar10: expected data_batch_1.bin in '${at}', got no such file`],
  [
    'with a gap',
    { 'data_batch_1.bin': batch(0, 1), 'data_batch_3.bin': batch(0, 1) },
    (at) => `cifar10: expected data_batch_2.bin in '${at}', got no such file`,
  ],
  [
    'cut short',
    { 'data_batch_1.bin': batch(0, 2).subarray(0, 2 * record - 1) },
    (at) => `cifar10: expected '${at}/data_batch_1.bin' to hold records of 3073 bytes, got 6145 bytes`,
  ],
  [
    'empty',
    { 'data_batch_1.bin': Buffer.alloc(0) },
    (at) => `cifar10: expected '${at}/data_batch_1.bin' to hold records of 3073 bytes, got 0 bytes`,
  ],
  [
    'of other classes',
    {
      'data_batch_1.bin': batch(0, 1),
      'test_batch.bin': Buffer.concat([batch(0, 1), Buffer.from([10]), batch(0, 1).subarray(1)]),
    },
    (at) => `cifar10: expected classes from 0 to 9 in '${at}/test_batch.bin', got 10 in record 1, byte 3073`,
  ],
];

it.each(refusals)('is refused where files are %s', async (name, files, message) => {
  const folder = folderOf(name.replaceAll(' ', '-'), files);
  await expect(open(folder)).rejects.toThrow(expect.objectContaining({ code: 'DATA', message: message(folder) }));
});

// The reader of IDX files, plain and gzip: the samples that lie in them, and one clear error for files that are not what they seem.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openTask } from '../../lib/index.js';
import { openData } from '../../lib/tasks/index.js';
import { root as checkout } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-mnist-'));
afterAll(() => rmSync(root, { recursive: true }));

const [side, trained, judged] = [6, 8, 4];
const pixelOf = (i: number) => (i * 37 + 11) % 256;

function idx(axes: number, shape: readonly number[], values: readonly number[]): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.writeUInt32BE(0x0800 + axes, 0);
  for (const [i, length] of shape.entries()) head.writeUInt32BE(length, 4 + 4 * i);
  return Buffer.concat([head, Buffer.from(values)]);
}

const pictures = (count: number) =>
  idx(
    3,
    [count, side, side],
    Array.from({ length: count * side * side }, (_, i) => pixelOf(i)),
  );
const labels = (count: number) =>
  idx(
    1,
    [count],
    Array.from({ length: count }, (_, i) => i % 3),
  );

/** A folder of the four files, with some of them changed. */
function folderOf(name: string, changes: Record<string, Buffer | undefined> = {}): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  const files = {
    'train-images-idx3-ubyte': pictures(trained),
    'train-labels-idx1-ubyte': labels(trained),
    't10k-images-idx3-ubyte': pictures(judged),
    't10k-labels-idx1-ubyte': labels(judged),
    ...changes,
  };
  for (const [file, bytes] of Object.entries(files)) if (bytes) writeFileSync(path.join(folder, file), bytes);
  return folder;
}

describe('mnist:DIR', () => {
  it('gives the bytes of the files, one channel, and a name for each class', async () => {
    const { dataset, source } = await openData({ data: `mnist:${folderOf('plain')}` });
    const { train: first, validation, classNames } = dataset;
    expect([first.length, validation!.length, classNames]).toEqual([trained, judged, ['0', '1', '2']]);
    expect(first.sampleShape).toEqual([side, side, 1]);
    expect(source.kind).toBe('reader');
    const { x, y } = first.read([1, 5]);
    expect(Array.from(x)).toEqual(
      [1, 5].flatMap((at) => Array.from({ length: side * side }, (_, i) => pixelOf(at * side * side + i))),
    );
    expect(Array.from(y)).toEqual([1, 5 % 3]);
  });

  it('has the same digest from gzip files, as many classes with fewer samples, and another digest for another pixel', async () => {
    const zipped = Object.fromEntries(
      ['images-idx3', 'labels-idx1'].flatMap((kind) =>
        [
          ['train', trained],
          ['t10k', judged],
        ].flatMap(([split, count]) => [
          [`${split}-${kind}-ubyte`, undefined],
          [`${split}-${kind}-ubyte.gz`, gzipSync((kind === 'images-idx3' ? pictures : labels)(count as number))],
        ]),
      ),
    );
    const digest = async (folder: string) => (await openData({ data: `mnist:${folder}` })).dataset.digest;
    const plain = await digest(path.join(root, 'plain'));
    expect(await digest(folderOf('zipped', zipped))).toBe(plain);
    const few = await openData({ data: `mnist:${path.join(root, 'plain')}`, samples: 1 });
    expect(few.dataset.classNames).toHaveLength(3);
    const other = pictures(trained);
    other[100]! ^= 1;
    expect(await digest(folderOf('other', { 'train-images-idx3-ubyte': other }))).not.toBe(plain);
  });

  it('is trained on by a network of the user, resumed and verified, by the command line', () => {
    const module = [
      `import { defineModel, layers, sequential } from 'samebits';`,
      'export default defineModel({ name: "tiny", build: ({ sampleShape, classes }) => sequential([',
      'layers.input({ shape: sampleShape }), layers.flatten(), layers.dense({ units: classes, activation: "softmax" })]) });',
    ];
    writeFileSync(path.join(root, 'tiny.mjs'), module.join('\n'));
    mkdirSync(path.join(root, 'node_modules'));
    symlinkSync(checkout, path.join(root, 'node_modules', 'samebits'), 'dir');
    const run = (...args: string[]) => {
      const { code, stdout, stderr } = samebits([...args, '--json'], {}, root);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    };
    const asked = ['train', '--model', './tiny.mjs', '--data', 'mnist:plain', '--batch-size', '3', '--seed', '5'];
    const whole = run(...asked, '--epochs', '2');
    run(...asked, '--epochs', '1', '--out', 'run');
    expect(run('train', '--resume', 'run', '--epochs', '2').weightsHash).toBe(whole.weightsHash);
    expect(run('verify', 'run', '--threads', '1').equal).toBe(true);
    expect(run('verify', 'run/receipt.json', '--data', 'mnist:zipped', '--model', './tiny.mjs').equal).toBe(true);
    const other = samebits(['verify', 'run', '--data', 'mnist:other'], {}, root);
    expect(other.code).not.toBe(0);
    expect(other.stdout + other.stderr).toContain('data');
  });
});

describe('mnist is refused', () => {
  const at = (name: string, file: string) => JSON.stringify(path.join(root, name, file)).replaceAll('"', "'");
  const rows: [string, Record<string, Buffer | undefined>, (name: string) => string][] = [
    [
      'absent',
      { 'train-labels-idx1-ubyte': undefined },
      (name) =>
        `mnist: expected train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz in '${path.join(root, name)}', got no such file`,
    ],
    [
      'short',
      { 'train-images-idx3-ubyte': pictures(trained).subarray(0, 100) },
      (name) => `mnist: expected ${at(name, 'train-images-idx3-ubyte')} to hold [8, 6, 6], 288 values, got 84`,
    ],
    [
      'headless',
      { 'train-images-idx3-ubyte': Buffer.from([0, 0, 8, 3]) },
      (name) => `mnist: expected ${at(name, 'train-images-idx3-ubyte')} to begin with 16 bytes of IDX, got 4 bytes`,
    ],
    [
      'floats',
      { 'train-labels-idx1-ubyte': Buffer.concat([Buffer.from([0, 0, 13, 1]), labels(trained).subarray(4)]) },
      (name) =>
        `mnist: expected ${at(name, 'train-labels-idx1-ubyte')} to begin with the magic number 2049, bytes along 1 axes, got 3329`,
    ],
    [
      'uneven',
      { 'train-labels-idx1-ubyte': labels(7) },
      (name) =>
        `mnist: expected as many labels in ${at(name, 'train-labels-idx1-ubyte')} as pictures in ${at(name, 'train-images-idx3-ubyte')} (8), got 7`,
    ],
  ];
  it.each(rows)('where files are %s', async (name, changes, message) => {
    const folder = folderOf(name, changes);
    await expect(openTask({ model: 'keras_convnet', data: `mnist:${folder}` })).rejects.toThrow(
      expect.objectContaining({ message: message(name) }),
    );
  });

  it('where a gzip file is cut off', async () => {
    const cut = gzipSync(pictures(trained)).subarray(0, 60);
    const folder = folderOf('cut', { 'train-images-idx3-ubyte': undefined, 'train-images-idx3-ubyte.gz': cut });
    await expect(openData({ data: `mnist:${folder}` })).rejects.toThrow(
      /train-images-idx3-ubyte\.gz' to be a whole gzip file, got unexpected end of file/,
    );
  });
});

// What a folder is taken for: names, order, labels, splits, and the refusals.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DatasetOptions, openDataset } from '../../lib/data/index.js';
import { pngBytes, put, temporaryFolder, twoClasses } from './pictures.js';

const open = (source: string, more: Partial<DatasetOptions> = {}) =>
  openDataset({ source, imageSize: 4, cache: false, ...more });

describe('an image folder', () => {
  it('orders classes and files by the bytes of their names, not by any language', async () => {
    const folder = temporaryFolder();
    const bytes = await pngBytes(1);
    const names = [
      'ä.png',
      'z.png',
      'Z.png',
      'a.png',
      '10.png',
      '9.png',
      'a/b.png',
      'a-b.png',
      '\u{1F600}.png',
      '\uffee.png',
    ];
    put(folder, Object.fromEntries(names.map((name) => [`zoo/${name}`, bytes])));
    put(folder, { 'Zebra/x.png': bytes, 'äffin/x.png': bytes });
    const dataset = await open(folder);
    expect(dataset.classNames).toEqual(['Zebra', 'zoo', 'äffin']);
    const sorted = ['10', '9', 'Z', 'a-b', 'a', 'a/b', 'z', 'ä', '\uffee', '\u{1F600}'];
    expect(dataset.train.paths).toEqual(['Zebra/x.png', ...sorted.map((name) => `zoo/${name}.png`), 'äffin/x.png']);
    expect([...dataset.train.labels!]).toEqual([0, ...sorted.map(() => 1), 2]);
    dataset.dispose();
  });

  it('with train/ and validation/ is taken as both, and other folders beside them are left alone', async () => {
    const folder = temporaryFolder();
    const bytes = await pngBytes(1);
    put(folder, { 'train/a/1.png': bytes, 'train/b/1.jpg.png': bytes, 'validation/a/2.png': bytes });
    put(folder, { 'validation/b/3.png': bytes, 'other/1.png': bytes });
    const dataset = await open(folder);
    expect(dataset.train.paths).toEqual(['a/1.png', 'b/1.jpg.png']);
    expect(dataset.validation?.paths).toEqual(['a/2.png', 'b/3.png']);
    dataset.dispose();
  });

  it('has no validation split unless one is given', async () => {
    const folder = await twoClasses();
    const alone = await open(folder);
    expect(alone.validation).toBeUndefined();
    const pair = await open(folder, { validation: folder });
    expect(pair.validation?.paths).toEqual(alone.train.paths);
    alone.dispose();
    pair.dispose();
  });

  it('lists files that are no pictures, passes over dot files, and follows links to files', async () => {
    const folder = await twoClasses();
    put(folder, { 'a/notes.txt': 'x', 'a/.hidden.png': 'x', 'list.csv': 'x', '.git/x': 'x' });
    symlinkSync(join(folder, 'b/1.png'), join(folder, 'a/link.png'));
    symlinkSync(folder, join(folder, 'a/loop'));
    const dataset = await open(folder);
    expect(dataset.train.paths).toEqual(['a/1.png', 'a/2.png', 'a/link.png', 'b/1.png', 'b/2.png']);
    expect(dataset.ignored).toEqual(['list.csv', 'a/notes.txt']);
    dataset.dispose();
  });

  it('gives its first samples of each class in byte order', async () => {
    const folder = await twoClasses();
    put(folder, { 'a/3.png': await pngBytes(5) });
    const dataset = await open(folder, { samples: 3 });
    expect(dataset.train.paths).toEqual(['a/1.png', 'a/2.png', 'b/1.png']);
    dataset.dispose();
  });
});

describe('a folder is refused', () => {
  const refusal = (source: string, more: Partial<DatasetOptions> = {}) =>
    open(source, more).then(
      () => 'opened',
      (error: Error & { code: string }) => `${error.code} ${error.message}`,
    );

  it('when it is missing', async () => {
    expect(await refusal('/nowhere/pets')).toBe(
      "DATA openDataset: expected a folder of class folders, got '/nowhere/pets', which does not exist",
    );
  });

  it('when it is a file', async () => {
    const folder = await twoClasses();
    const file = join(folder, 'a/1.png');
    expect(await refusal(file)).toBe(
      `DATA openDataset: expected a folder of class folders, got '${file}', which is a file`,
    );
  });

  it('when it is empty', async () => {
    const folder = temporaryFolder();
    expect(await refusal(folder)).toBe(
      `DATA openDataset: expected at least two class folders, got none in '${folder}'; put the pictures of each class in its own folder`,
    );
  });

  it('when it has one class', async () => {
    const folder = temporaryFolder();
    put(folder, { 'cats/1.png': await pngBytes(1) });
    expect(await refusal(folder)).toBe(
      `DATA openDataset: expected at least two class folders, got only 'cats' in '${folder}'; put the pictures of each class in its own folder`,
    );
  });

  it('when a class has no pictures', async () => {
    const folder = await twoClasses();
    mkdirSync(join(folder, 'c'));
    expect(await refusal(folder)).toBe(
      `DATA openDataset: expected pictures (.jpg, .jpeg, .png, .gif, .webp) in class folder 'c', got none in '${join(folder, 'c')}'`,
    );
  });

  it('when the classes of its validation folder are others', async () => {
    const folder = await twoClasses();
    const other = temporaryFolder();
    put(other, { 'a/1.png': await pngBytes(1), 'x/1.png': await pngBytes(1) });
    expect(await refusal(folder, { validation: other })).toBe(
      `DATA openDataset: expected the classes ['a', 'b'] in '${other}', got ['a', 'x']`,
    );
  });

  it('when a class has too few pictures for the samples asked for', async () => {
    expect(await refusal(await twoClasses(), { samples: 5 })).toBe(
      "DATA openDataset: expected at least 3 pictures in each class for samples 5, got 2 in class folder 'a'",
    );
  });
});

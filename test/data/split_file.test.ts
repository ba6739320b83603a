// Folders of classes cut into splits: by a file that names each picture, or by holding some out.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { pngBytes, put, temporaryFolder } from './pictures.js';

async function folder(): Promise<string> {
  const made = temporaryFolder();
  for (const [name, salts] of Object.entries({ a: [1, 2, 3, 4, 5, 6], b: [7, 8, 9] })) {
    for (const salt of salts) put(made, { [`${name}/${salt}.png`]: await pngBytes(salt) });
  }
  return made;
}

const open = (source: string, more = {}) => openDataset({ source, imageSize: 4, cache: false, ...more });

describe('a file of splits', () => {
  const lines = [
    'path,split,note',
    'a/1.png,train,x',
    'b/7.png,train,',
    'a/2.png,val,',
    'b/8.png,validation,',
    'a/3.png,test,',
    'b/9.png,test,',
  ];

  it('says the split of each picture; those that it does not name are left out', async () => {
    const source = await folder();
    put(source, { 'splits.csv': lines.join('\n') });
    const { train, validation, test, description } = await open(source, { dataOptions: { splitFile: 'splits.csv' } });
    expect([train.paths, validation!.paths, test!.paths]).toEqual([
      ['a/1.png', 'b/7.png'],
      ['a/2.png', 'b/8.png'],
      ['a/3.png', 'b/9.png'],
    ]);
    expect(description.leftOut).toMatchObject([
      { split: 'train', reason: 'outside', count: 1 },
      { split: 'train', reason: 'unlisted', count: 3, first: 'a/4.png' },
    ]);
    expect(description.splits.map(({ samples }) => samples)).toEqual([2, 2, 2]);
  });

  const refusals: [string, string[], (at: string) => string][] = [
    [
      'a column less',
      ['path', 'a/1.png'],
      (at) => `openDataset: expected the column 'split', once, in '${at}', got path`,
    ],
    [
      'a path out of the folder',
      ['path,split', '../a/1.png,train'],
      (at) => `openDataset: expected a path inside the folder in row 1 of '${at}', got '../a/1.png'`,
    ],
    [
      'an absolute path',
      ['path,split', 'a/1.png,train', '/a/1.png,train'],
      (at) => `openDataset: expected a path inside the folder in row 2 of '${at}', got '/a/1.png'`,
    ],
    [
      'no such picture',
      ['path,split', 'a/0.png,train'],
      (at) => `openDataset: expected a picture of '${path.dirname(at)}' in row 1 of '${at}', got 'a/0.png'`,
    ],
    [
      'a picture twice',
      ['path,split', 'a/1.png,train', 'a/./1.png,test'],
      (at) => `openDataset: expected every picture once, in row 2 of '${at}', got 'a/./1.png'`,
    ],
    [
      'another split',
      ['path,split', 'a/1.png,dev'],
      (at) => `openDataset: expected split to be train, validation, test in row 1 of '${at}', got 'dev'`,
    ],
    [
      'a class without pictures',
      ['path,split', 'a/1.png,train'],
      (at) => `openDataset: expected pictures of class 'b' in split train of '${at}', got none`,
    ],
    ['no rows', ['path,split'], (at) => `openDataset: expected a row or more in '${at}', got none`],
  ];

  it.each(refusals)('is refused with %s', async (_name, text, message) => {
    const source = await folder();
    put(source, { 's.csv': text.join('\n') });
    await expect(open(source, { dataOptions: { splitFile: 's.csv' } })).rejects.toThrow(
      expect.objectContaining({ code: 'DATA', message: message(path.join(source, 's.csv')) }),
    );
  });

  it('is refused out of the folder, beside samples to hold out, and beside splits that are there', async () => {
    const source = await folder();
    await expect(open(source, { dataOptions: { splitFile: '../s.csv' } })).rejects.toThrow(
      "openDataset: expected a path inside the folder in splitFile, got '../s.csv'",
    );
    await expect(open(source, { dataOptions: { splitFile: 's.csv' }, validationSamples: 2 })).rejects.toThrow(
      'openDataset: expected a splitFile or samples to hold out, got both',
    );
    await expect(open(source, { dataOptions: { splitFile: 's.csv' }, validation: source })).rejects.toThrow(
      "openDataset: expected no splitFile beside data that bring their own splits, got 's.csv'",
    );
  });
});

describe('pictures held out', () => {
  it('are a share of each class, drawn from a seed, before the first ones are taken', async () => {
    const source = await folder();
    const cut = await open(source, { validationFraction: 0.34, splitSeed: 2 });
    expect(cut.description.splits.map(({ classes }) => classes.map(({ samples }) => samples))).toEqual([
      [4, 2],
      [2, 1],
    ]);
    const same = await open(source, { validationFraction: 0.34, splitSeed: 2 });
    expect([same.digest, same.validation!.paths]).toEqual([cut.digest, cut.validation!.paths]);
    const few = await open(source, { validationFraction: 0.34, splitSeed: 2, samples: 2 });
    expect(few.validation!.paths).toEqual(cut.validation!.paths);
    expect(few.train.paths!.every((one) => cut.train.paths!.includes(one))).toBe(true);
  });

  it('leave what the data bring to validate by as test pictures', async () => {
    const source = await folder();
    const { test, validation, train } = await open(source, { validation: source, validationSamples: 3 });
    expect([train.length, validation!.length, test!.length]).toEqual([6, 3, 9]);
  });

  it('are refused of synthetic pictures', async () => {
    await expect(open('synthetic', { validationSamples: 3 })).rejects.toThrow(
      "openDataset: expected no validationSamples beside source 'synthetic', got 3",
    );
  });
});

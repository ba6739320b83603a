// Folders that are splits by another name are not taken for classes, and class folders that are called like splits are.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DatasetOptions, openDataset } from '../../lib/data/index.js';
import { pngBytes, put, temporaryFolder } from './pictures.js';

const png = await pngBytes(1);

async function outcome(source: string, more: Partial<DatasetOptions> = {}): Promise<string> {
  try {
    const dataset = await openDataset({ source, imageSize: 4, cache: false, ...more });
    dataset.dispose();
    return `classes ${dataset.classNames.join(', ')}`;
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return `${code} ${message}`;
  }
}

const refusal = (folder: string, names: readonly string[]) =>
  `DATA openDataset: expected class folders in '${folder}', got splits: ${names.map((name) => `'${name}'`).join(', ')}; ` +
  'a folder with train/ and validation/ is read as both splits, each with one folder a class; name them so, or give the ' +
  'two folders by themselves as source and validation';

describe('a folder of splits', () => {
  const words = ['train', 'val', 'valid', 'test', 'training', 'testing', 'Train', 'VALIDATION', 'dev', 'eval'];
  it('by names that are near those of splits is refused with the right ones (drawn, seed 15035)', async () => {
    const drawn = fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(drawn, async (names) => {
        const folder = temporaryFolder();
        for (const name of names) put(folder, { [`${name}/a/1.png`]: png, [`${name}/b/1.png`]: png });
        expect(await outcome(folder)).toBe(refusal(folder, [...names].sort()));
      }),
      { seed: 15035, numRuns: 40 },
    );
  });

  it('whose pictures lie in them without class folders is refused too', async () => {
    const folder = temporaryFolder();
    put(folder, { 'train/cat.1.png': png, 'test/1.png': png });
    expect(await outcome(folder)).toBe(refusal(folder, ['test', 'train']));
  });

  it('beside one folder that is none is refused', async () => {
    const folder = temporaryFolder();
    put(folder, { 'train/a/1.png': png, 'val/a/1.png': png, 'extra/1.png': png });
    expect(await outcome(folder)).toBe(refusal(folder, ['train', 'val']));
  });

  it('is refused as validation folder as well', async () => {
    const folder = temporaryFolder();
    put(folder, { 'train/a/1.png': png, 'train/b/1.png': png, 'val/x/1.png': png, 'val/y/1.png': png });
    expect(await outcome(join(folder, 'train'), { validation: folder })).toBe(refusal(folder, ['train', 'val']));
  });

  it('called train and validation is read as both', async () => {
    const folder = temporaryFolder();
    for (const name of ['train', 'validation', 'test'])
      put(folder, { [`${name}/a/1.png`]: png, [`${name}/b/1.png`]: png });
    expect(await outcome(folder)).toBe('classes a, b');
  });

  it('is no folder of classes of which one is called like a split', async () => {
    const folder = temporaryFolder();
    put(folder, { 'train/1.png': png, 'car/1.png': png, 'bus/1.png': png, 'test/x/1.png': png, 'test/y/1.png': png });
    expect(await outcome(folder)).toBe('classes bus, car, test, train');
  });
});

describe('class folders', () => {
  it('that differ in their Unicode normal form only are refused', async () => {
    const folder = temporaryFolder();
    const [composed, apart] = ['caf\u00e9', 'cafe\u0301'];
    put(folder, { [`${composed}/1.png`]: png, [`${apart}/1.png`]: png });
    expect(await outcome(folder)).toBe(
      `DATA openDataset: expected class folders with different names, got '${apart}' and '${composed}' in '${folder}'; ` +
        'they differ in their Unicode normal form only; give them one name',
    );
  });

  it('of two splits that differ so are told apart', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    put(folder, { 'a/1.png': png, 'caf\u00e9/1.png': png });
    put(other, { 'a/1.png': png, 'cafe\u0301/1.png': png });
    expect(await outcome(folder, { validation: other })).toBe(
      `DATA openDataset: expected the classes ['a', 'caf\u00e9'] in '${other}', got ['a', 'cafe\u0301']; ` +
        'they differ in their Unicode normal form only',
    );
  });

  it('with a name that is no UTF-8 are refused', async () => {
    const folder = temporaryFolder();
    put(folder, { 'a/1.png': png, 'b/1.png': png });
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0x63, 0xff)]));
    expect(await outcome(folder)).toBe(
      `DATA openDataset: expected names in UTF-8 in '${folder}', got 'c\ufffd'; rename it`,
    );
  });

  it.each(['x', 'a/x', 'a/x.png'])('beside a link %s to itself are refused with what the system says', async (name) => {
    const folder = temporaryFolder();
    put(folder, { 'a/1.png': png, 'b/1.png': png });
    symlinkSync(join(folder, name), join(folder, name));
    expect(await outcome(folder)).toBe(
      `DATA openDataset: expected to look at '${join(folder, name)}', got ELOOP: too many symbolic links encountered`,
    );
  });

  it('cannot be three for two samples, and give odd numbers of samples to the first ones', async () => {
    const folder = temporaryFolder();
    for (const name of 'abc') put(folder, Object.fromEntries([1, 2, 3].map((i) => [`${name}/${i}.png`, png])));
    expect(await outcome(folder, { samples: 2 })).toBe(
      'ARGUMENT openDataset: expected samples to be at least 3, one for each class, got 2',
    );
    for (const [samples, counts] of [
      [3, [1, 1, 1]],
      [4, [2, 1, 1]],
      [5, [2, 2, 1]],
      [7, [3, 2, 2]],
    ] as const) {
      const dataset = await openDataset({ source: folder, imageSize: 4, cache: false, samples });
      dataset.dispose();
      expect(dataset.description.splits[0]!.classes.map(({ samples: kept }) => kept)).toEqual(counts);
      expect([...dataset.train.labels!]).toEqual(counts.flatMap((count, label) => Array(count).fill(label)));
    }
  });
});

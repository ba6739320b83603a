// The dataset digest: blind to machine, place and workers, sensitive to everything a training sees.

import { copyFileSync, cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DatasetOptions, openDataset } from '../../lib/data/index.js';
import { pngBytes, put, temporaryFolder, twoClasses } from './pictures.js';

async function digestOf(source: string, more: Partial<DatasetOptions> = {}): Promise<string> {
  const dataset = await openDataset({ source, imageSize: [6, 8], cache: false, ...more });
  dataset.dispose();
  return dataset.digest;
}

describe('the digest is the same', () => {
  it('as it was when this contract was written', async () => {
    expect(await digestOf(await twoClasses())).toBe(
      'sha256:bbc0c94be13410442453e09db87a95a05b7dcdf9a185fd585175fdad2393c8bd',
    );
  });

  it('in another place', async () => {
    const folder = await twoClasses();
    const copy = join(temporaryFolder(), 'elsewhere');
    cpSync(folder, copy, { recursive: true });
    expect(await digestOf(copy)).toBe(await digestOf(folder));
  });

  it.each([1, 2, 3, 7])('with %i workers', async (workers) => {
    const folder = await twoClasses();
    for (let i = 3; i < 9; i++) put(folder, { [`a/${i}.png`]: await pngBytes(10 + i) });
    expect(await digestOf(folder, { workers })).toBe(await digestOf(folder));
  });

  it('with and without a cache', async () => {
    const folder = await twoClasses();
    expect(await digestOf(folder, { cache: temporaryFolder() })).toBe(await digestOf(folder));
  });
});

describe('the digest is another', () => {
  const changes: Record<string, (folder: string) => Promise<void> | void> = {
    'one picture': async (folder) => put(folder, { 'b/2.png': await pngBytes(5) }),
    'the name of one picture': (folder) => renameSync(join(folder, 'b/2.png'), join(folder, 'b/3.png')),
    'the name of one class': (folder) => renameSync(join(folder, 'b'), join(folder, 'c')),
    'the class of one picture': (folder) => renameSync(join(folder, 'a/2.png'), join(folder, 'b/0.png')),
    'one picture more': (folder) => copyFileSync(join(folder, 'b/2.png'), join(folder, 'b/3.png')),
  };

  it.each(Object.keys(changes))('after a change of %s', async (what) => {
    const folder = await twoClasses();
    const before = await digestOf(folder);
    await changes[what]!(folder);
    expect(await digestOf(folder)).not.toBe(before);
  });

  it('at another size, with a validation split, and with the splits exchanged', async () => {
    const one = await twoClasses();
    const two = await twoClasses();
    put(two, { 'a/1.png': await pngBytes(9) });
    const digests = [
      await digestOf(one),
      await digestOf(one, { imageSize: [8, 6] }),
      await digestOf(one, { validation: one }),
      await digestOf(one, { validation: two }),
      await digestOf(two, { validation: one }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

// The cache of prepared pictures: hits, misses, corruption, and files written whole.

import { existsSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type DatasetOptions, defaultCacheFolder, openDataset } from '../../lib/data/index.js';
import { pngBytes, put, temporaryFolder, twoClasses } from './pictures.js';

/** Opens with a cache; how many pictures had to be prepared, and the digest. */
async function prepared(source: string, cache: string, more: Partial<DatasetOptions> = {}) {
  let count = 0;
  const onProgress: DatasetOptions['onProgress'] = ({ phase }) => {
    if (phase === 'preparing') count++;
  };
  const dataset = await openDataset({ source, imageSize: 4, cache, onProgress, ...more });
  dataset.dispose();
  return { count, digest: dataset.digest };
}

const only = (cache: string): string => join(cache, readdirSync(cache)[0]!);

describe('the cache', () => {
  it('prepares pictures once, and again for another size, content or subset', async () => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    expect((await prepared(folder, cache)).count).toBe(4);
    expect((await prepared(folder, cache)).count).toBe(0);
    expect((await prepared(folder, cache, { imageSize: 5 })).count).toBe(4);
    expect((await prepared(folder, cache, { samples: 2 })).count).toBe(2);
    put(folder, { 'a/1.png': await pngBytes(8) });
    expect((await prepared(folder, cache)).count).toBe(4);
  });

  it('knows pictures by their content: a copy of the folder elsewhere is a hit', async () => {
    const [cache, one, two] = [temporaryFolder(), await twoClasses(), await twoClasses()];
    expect((await prepared(one, cache)).count).toBe(4);
    expect((await prepared(two, cache)).count).toBe(0);
  });

  it.each([0, 100, 191, 192, -40, -37, -1])('is made again when the byte at %i of its file has changed', async (at) => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    const { digest } = await prepared(folder, cache);
    const bytes = readFileSync(only(cache));
    const place = at < 0 ? bytes.length + at : at;
    bytes[place]! ^= 1;
    writeFileSync(only(cache), bytes);
    expect(await prepared(folder, cache)).toEqual({ count: 4, digest });
    expect(await prepared(folder, cache)).toEqual({ count: 0, digest });
  });

  it.each([0, 10, 35, 36, 200])('is made again when its file is cut to %i bytes', async (length) => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    const { digest } = await prepared(folder, cache);
    truncateSync(only(cache), length);
    expect(await prepared(folder, cache)).toEqual({ count: 4, digest });
  });

  it('remembers damaged pictures with their reasons', async () => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    put(folder, { 'a/0.png': 'x' });
    const open = () => openDataset({ source: folder, imageSize: 4, cache, damaged: 'skip' });
    const [first, second] = [await open(), await open()];
    expect(first.damaged).toEqual([
      { split: 'train', path: 'a/0.png', reason: 'the file is none of jpeg, png, gif, webp' },
    ]);
    expect(second.damaged).toEqual(first.damaged);
    expect(second.train.paths).toEqual(first.train.paths);
    await expect(prepared(folder, cache)).rejects.toThrow('got 1 damaged');
    first.dispose();
    second.dispose();
  });

  it('leaves nothing behind when the preparation is stopped', async () => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    const controller = new AbortController();
    const opening = openDataset({
      source: folder,
      imageSize: 4,
      cache,
      signal: controller.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'preparing' && done === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(opening).rejects.toThrow('enough');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('removes what a killed process left more than a day ago', async () => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    put(cache, { 'old.1-2.tmp': 'x', 'new.1-2.tmp': 'x' });
    const past = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(join(cache, 'old.1-2.tmp'), past, past);
    await prepared(folder, cache);
    expect(existsSync(join(cache, 'old.1-2.tmp'))).toBe(false);
    expect(existsSync(join(cache, 'new.1-2.tmp'))).toBe(true);
  });

  it('that cannot be used is one clear error', async () => {
    const folder = await twoClasses();
    const file = join(folder, 'a/1.png');
    const error = await prepared(folder, file).catch((caught) => caught);
    expect(error.code).toBe('FILE');
    expect(error.message).toMatch(
      /^dataset cache: expected to read or write '.*\.pictures', got (EEXIST|ENOTDIR); cache: false works without it$/,
    );
  });
});

describe('the cache lies', () => {
  const { SAMEBITS_CACHE, XDG_CACHE_HOME, HOME } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ SAMEBITS_CACHE, XDG_CACHE_HOME, HOME })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('where SAMEBITS_CACHE says, else in the cache folder of the user', () => {
    process.env.SAMEBITS_CACHE = '/one';
    process.env.XDG_CACHE_HOME = '/two';
    process.env.HOME = '/three';
    expect(defaultCacheFolder()).toBe('/one');
    delete process.env.SAMEBITS_CACHE;
    expect(defaultCacheFolder()).toBe('/two/samebits');
    delete process.env.XDG_CACHE_HOME;
    expect(defaultCacheFolder()).toBe('/three/.cache/samebits');
  });
});

// What times of files tell: which are read again, which cached pictures are believed, and that contents are checked on request.

import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hashFiles } from '../../lib/data/file_hashes.js';
import { type DatasetOptions, openDataset } from '../../lib/data/index.js';
import { sha256 } from '../../lib/data/prepare.js';
import { pngBytes, put, temporaryFolder, twoClasses } from './pictures.js';

const later = () => Date.now() + 60_000;
const fileIn = (cache: string, ending: string) =>
  join(cache, readdirSync(cache).find((name) => name.endsWith(ending))!);

/** Hashes two files of a folder; which of them were read, and the hashes. */
async function hashed(
  folder: string,
  cache: string | undefined,
  more: { now?: () => number; check?: 'contents' } = {},
) {
  const options = { workers: 2, cache, check: 'times', now: later, ...more } as const;
  const found = await hashFiles(folder, ['one', 'two'], options);
  return {
    read: found.filter(({ byTimes }) => byTimes !== true).map(({ path }) => path),
    hashes: found.map(({ contentHash }) => contentHash),
  };
}

/** A folder of two files, a cache, and the hash of each file. */
function twoFiles() {
  const [folder, cache] = [temporaryFolder(), temporaryFolder()];
  put(folder, { one: 'first', two: 'second' });
  return { folder, cache, one: join(folder, 'one'), hashes: ['first', 'second'].map(sha256) };
}

describe('the hash of a file', () => {
  it('is kept while size and times are the same, and for that folder only', async () => {
    const { folder, cache, hashes } = twoFiles();
    expect(await hashed(folder, cache)).toEqual({ read: ['one', 'two'], hashes });
    expect(await hashed(folder, cache)).toEqual({ read: [], hashes });
    expect(await hashed(folder, undefined)).toEqual({ read: ['one', 'two'], hashes });
    const other = temporaryFolder();
    put(other, { one: 'first', two: 'second' });
    expect(await hashed(other, cache)).toEqual({ read: ['one', 'two'], hashes });
  });

  it('is kept by name, whichever file was read first', async () => {
    const { folder, cache, hashes } = twoFiles();
    const options = { workers: 1, cache, check: 'times', now: later } as const;
    await hashFiles(folder, ['two', 'one'], options);
    const { files } = JSON.parse(readFileSync(fileIn(cache, '.hashes'), 'utf8').split('\n')[1]!);
    expect(files.map(([name, , hash]: string[]) => [name, hash])).toEqual([
      ['one', hashes[0]],
      ['two', hashes[1]],
    ]);
  });

  it('is taken again of a file of equal size that was written since, and kept again', async () => {
    const { folder, cache, one, hashes } = twoFiles();
    await hashed(folder, cache);
    writeFileSync(one, 'FIRST');
    const changed = [sha256('FIRST'), hashes[1]];
    expect(await hashed(folder, cache)).toEqual({ read: ['one'], hashes: changed });
    expect(await hashed(folder, cache)).toEqual({ read: [], hashes: changed });
  });

  it('is taken again though the file was given its old date: the time of change is the system’s', async () => {
    const { folder, cache, one } = twoFiles();
    const date = new Date(1_000_000_000_000);
    utimesSync(one, date, date);
    await hashed(folder, cache);
    writeFileSync(one, 'FIRST');
    utimesSync(one, date, date);
    expect((await hashed(folder, cache)).read).toEqual(['one']);
  });

  it('is not kept of a file that was written within the last tick of a slow clock', async () => {
    const { folder, cache, one } = twoFiles();
    const written = statSync(one).ctimeMs;
    await hashed(folder, cache, { now: () => written + 1900 });
    expect(readdirSync(cache)).toEqual([]);
    await hashed(folder, cache, { now: () => written + 2500 });
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('is taken again where contents are asked for, and a file of forged size and times is noticed', async () => {
    const { folder, cache, one, hashes } = twoFiles();
    await hashed(folder, cache);
    // Nothing changes the time of change but the system, so what was kept is told of the changed file.
    writeFileSync(one, 'FIRST');
    const [path, stats] = [fileIn(cache, '.hashes'), statSync(one, { bigint: true })];
    const kept = JSON.parse(readFileSync(path, 'utf8').split('\n')[1]!);
    kept.files[0][1] = `${stats.size} ${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}`;
    writeFileSync(path, `${sha256(JSON.stringify(kept))}\n${JSON.stringify(kept)}`);
    expect(await hashed(folder, cache)).toEqual({ read: [], hashes });
    const changed = [sha256('FIRST'), hashes[1]];
    expect(await hashed(folder, cache, { check: 'contents' })).toEqual({ read: ['one', 'two'], hashes: changed });
    expect(await hashed(folder, cache)).toEqual({ read: [], hashes: changed });
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -3)],
    ['of another hash', (text: string) => text.replace(/"[0-9a-f]{64}"/, `"${'0'.repeat(64)}"`)],
    ['empty', () => ''],
    ['of another form with a right sum', () => `${sha256('{"files":3}')}\n{"files":3}`],
  ])('is taken again where what was kept is %s', async (_what, damage) => {
    const { folder, cache, hashes } = twoFiles();
    await hashed(folder, cache);
    const path = fileIn(cache, '.hashes');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(await hashed(folder, cache)).toEqual({ read: ['one', 'two'], hashes });
    expect(await hashed(folder, cache)).toEqual({ read: [], hashes });
  });
});

/** Opens a dataset; how many pictures were prepared and checked, its digest, and the bytes of its first picture. */
async function opened(source: string, cache: string, more: Partial<DatasetOptions> = {}) {
  const counts = { hashing: 0, preparing: 0, checking: 0 };
  const onProgress: DatasetOptions['onProgress'] = ({ phase }) => void counts[phase]++;
  const dataset = await openDataset({ source, imageSize: [6, 8], cache, onProgress, ...more });
  const pixels = Uint8Array.from(dataset.train.read([0]).x);
  dataset.dispose();
  return { prepared: counts.preparing, checked: counts.checking, digest: dataset.digest, pixels };
}

describe('cached pictures', () => {
  /** A folder of two classes whose pictures are in the cache, and how they were when they came there. */
  async function cached() {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    return { folder, cache, first: await opened(folder, cache) };
  }

  it('are believed while their file has the time it was given, and checked whole on request', async () => {
    const { folder, cache, first } = await cached();
    expect(await opened(folder, cache)).toEqual({ ...first, prepared: 0, checked: 1 });
    expect(await opened(folder, cache, { check: 'contents' })).toEqual({ ...first, prepared: 0, checked: 4 });
  });

  it('are checked in a file of another time, which then has its own again', async () => {
    const { folder, cache, first } = await cached();
    const path = fileIn(cache, '.pictures');
    const { mtimeMs } = statSync(path);
    utimesSync(path, new Date(), new Date());
    expect(await opened(folder, cache)).toEqual({ ...first, prepared: 0, checked: 4 });
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    expect(await opened(folder, cache)).toEqual({ ...first, prepared: 0, checked: 1 });
  });

  it('are believed wrongly where the time was forged, and made again where contents are asked for', async () => {
    const { folder, cache, first } = await cached();
    const path = fileIn(cache, '.pictures');
    const { mtime } = statSync(path);
    const bytes = readFileSync(path);
    bytes[0]! ^= 1;
    writeFileSync(path, bytes);
    utimesSync(path, mtime, mtime);
    const forged = await opened(folder, cache);
    expect([forged.prepared, forged.digest, forged.pixels[0]]).toEqual([0, first.digest, first.pixels[0]! ^ 1]);
    expect(await opened(folder, cache, { check: 'contents' })).toEqual({ ...first, checked: 4 });
    expect(await opened(folder, cache)).toEqual({ ...first, prepared: 0, checked: 1 });
  });

  it('are those of files that are not read again; files that are not what was kept are refused where they are needed', async () => {
    const { folder, cache, first } = await cached();
    vi.useFakeTimers({ toFake: ['Date'], now: later() });
    try {
      expect((await opened(folder, cache)).prepared).toBe(0);
      const path = join(folder, 'a/1.png');
      put(folder, { 'a/1.png': await pngBytes(9) });
      const kept = fileIn(cache, '.hashes');
      const text = JSON.parse(readFileSync(kept, 'utf8').split('\n')[1]!);
      const { size, ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
      text.files.find(([name]: [string]) => name === 'a/1.png')[1] = `${size} ${ino} ${mtimeNs} ${ctimeNs}`;
      writeFileSync(kept, `${sha256(JSON.stringify(text))}\n${JSON.stringify(text)}`);
      expect(await opened(folder, cache)).toEqual({ ...first, prepared: 0, checked: 1 });
      await expect(opened(folder, cache, { imageSize: 5 })).rejects.toThrow(
        "openDataset: expected 'a/1.png' to hold what it held when it had the same size and times, got other bytes; with check 'contents' every file is hashed anew",
      );
      const changed = await opened(folder, cache, { check: 'contents' });
      expect(changed.digest).not.toBe(first.digest);
      expect(await opened(folder, temporaryFolder())).toEqual({ ...changed, checked: 1 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('need no cache for hashes that cannot be kept', async () => {
    const { folder, cache, first } = await cached();
    vi.useFakeTimers({ toFake: ['Date'], now: later() });
    try {
      // A folder has the name of the file of hashes.
      put(cache, { [`${sha256(folder)}.hashes/x`]: '' });
      expect(await opened(folder, cache)).toEqual({ ...first, prepared: 0, checked: 1 });
    } finally {
      vi.useRealTimers();
    }
  });
});

it('what says that data are as they were is one of two words', async () => {
  const opening = openDataset({ source: 'synthetic', imageSize: 4, check: 'size' as never });
  await expect(opening).rejects.toThrow("openDataset: expected check to be one of 'times', 'contents', got 'size'");
});

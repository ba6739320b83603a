// Cache files of any content are made again, whatever their trailer holds, and never believed or a raw error.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { pngBytes, put, temporaryFolder, twoClasses } from './pictures.js';

/** A file as the cache writes it: pictures, then a trailer whose length and hash are right. */
function withTrailer(pictures: Uint8Array, trailer: string): Buffer {
  const text = Buffer.from(trailer);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([pictures, text, length, createHash('sha256').update(text).digest()]);
}

const bytesOfAll = 4 * 4 * 4 * 3;

async function prepared(source: string, cache: string, imageSize: number | [number, number] = 4) {
  let count = 0;
  const onProgress = ({ phase }: { phase: string }) => void (phase === 'preparing' && count++);
  const dataset = await openDataset({ source, imageSize, cache, onProgress });
  dataset.dispose();
  return { count, digest: dataset.digest };
}

const cacheFile = (cache: string) => join(cache, readdirSync(cache)[0]!);

it('a trailer of any JSON with a right hash is made again (drawn, seed 15036)', async () => {
  const [folder, cache] = [await twoClasses(), temporaryFolder()];
  const { digest } = await prepared(folder, cache);
  const path = cacheFile(cache);
  const whole = readFileSync(path);
  const pictures = whole.subarray(0, bytesOfAll);
  const trailer = JSON.parse(whole.subarray(bytesOfAll, whole.length - 36).toString());
  const strange = fc.oneof(fc.jsonValue(), fc.constantFrom(null, [], {}, [null], 0, 'x', [{}], [{ hash: 5 }]));
  const damaged = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
    // Another time says only that every byte has to be checked.
    fc.tuple(fc.constantFrom(...Object.keys(trailer).filter((key) => key !== 'time')), strange).map(([key, value]) => {
      return JSON.stringify({ ...trailer, [key]: value });
    }),
    fc.tuple(fc.nat(3), strange).map(([index, value]) => {
      return JSON.stringify({ ...trailer, outcomes: trailer.outcomes.with(index, value) });
    }),
    fc.nat(3).map((index) => JSON.stringify({ ...trailer, outcomes: trailer.outcomes.toSpliced(index, 1) })),
  );
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      writeFileSync(path, withTrailer(pictures, text));
      expect(await prepared(folder, cache)).toEqual({ count: 4, digest });
      expect(await prepared(folder, cache)).toEqual({ count: 0, digest });
    }),
    { seed: 15036, numRuns: 150 },
  );
});

it('bytes of any kind are made again (drawn, seed 15037)', async () => {
  const [folder, cache] = [await twoClasses(), temporaryFolder()];
  const { digest } = await prepared(folder, cache);
  const path = cacheFile(cache);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      writeFileSync(path, bytes);
      expect(await prepared(folder, cache)).toEqual({ count: 4, digest });
    }),
    { seed: 15037, numRuns: 50 },
  );
});

it('a pipe in the place of a cache file is replaced, not read', async () => {
  const [folder, cache] = [await twoClasses(), temporaryFolder()];
  const { digest } = await prepared(folder, cache);
  const path = cacheFile(cache);
  rmSync(path);
  execFileSync('mkfifo', [path]);
  expect(await prepared(folder, cache)).toEqual({ count: 4, digest });
  expect(statSync(path).isFile()).toBe(true);
});

it('tells of pictures that are hashed, prepared and checked, one by one; what a time tells is checked at once', async () => {
  const [folder, cache] = [await twoClasses(), temporaryFolder()];
  const told = async (check?: 'contents') => {
    const calls: string[] = [];
    const onProgress = (p: { split: string; phase: string; done: number; total: number }) =>
      void calls.push(`${p.split} ${p.phase} ${p.done}/${p.total}`);
    (await openDataset({ source: folder, imageSize: 4, cache, onProgress, check })).dispose();
    return calls;
  };
  const steps = (phase: string) => [1, 2, 3, 4].map((done) => `train ${phase} ${done}/4`);
  const last = 'train checking 4/4';
  expect(await told()).toEqual([...steps('hashing'), ...steps('preparing'), last]);
  expect(await told()).toEqual([...steps('hashing'), last]);
  expect(await told('contents')).toEqual([...steps('hashing'), ...steps('checking')]);
});

it('height and width are apart in the key, as are pictures in another order', async () => {
  const [folder, cache] = [await twoClasses(), temporaryFolder()];
  expect((await prepared(folder, cache, [4, 6])).count).toBe(4);
  expect((await prepared(folder, cache, [6, 4])).count).toBe(4);
  expect((await prepared(folder, cache, [4, 6])).count).toBe(0);
  put(folder, { 'a/1.png': await pngBytes(2), 'a/2.png': await pngBytes(1) });
  expect((await prepared(folder, cache, [4, 6])).count).toBe(4);
});

const decode = '../../lib/data/decode.js';
beforeAll(() => vi.resetModules());
afterAll(() => vi.doUnmock(decode));

it('another version of the decoder is another entry', async () => {
  const [folder, cache] = [await twoClasses(), temporaryFolder()];
  expect((await prepared(folder, cache)).count).toBe(4);
  vi.doMock(decode, async (original) => ({ ...(await original<object>()), decoderVersion: () => 'another' }));
  const { openDataset: open } = await import('../../lib/data/index.js');
  let count = 0;
  const onProgress = ({ phase }: { phase: string }) => void (phase === 'preparing' && count++);
  (await open({ source: folder, imageSize: 4, cache, onProgress })).dispose();
  expect(count).toBe(4);
  expect(readdirSync(cache).length).toBe(2);
});

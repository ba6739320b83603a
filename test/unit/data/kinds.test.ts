// Folders that tests of two classes and square pictures do not see: what a cache is keyed by, uneven shares of three
// classes, endings in capitals.

import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decoderVersion } from '../../../lib/data/decode.js';
import { firstOfEachClass } from '../../../lib/data/folders.js';
import { openDataset } from '../../../lib/data/index.js';
import { sha256 } from '../../../lib/data/prepare.js';
import { picture, pngBytes, put, temporaryFolder, twoClasses } from '../../data/pictures.js';

describe('a cache', () => {
  it('keeps heights and widths apart', async () => {
    const [source, cache] = [await twoClasses(), temporaryFolder()];
    const digests = new Set<string>();
    const sizes = [
      [4, 6],
      [6, 4],
      [4, 4],
      [6, 6],
      [1, 24],
      [24, 1],
    ] as const;
    for (const again of [false, true]) {
      for (const imageSize of sizes) {
        let made = 0;
        const dataset = await openDataset({
          source,
          imageSize,
          cache,
          onProgress: ({ phase }) => void (phase === 'preparing' && made++),
        });
        expect(made, `${imageSize}`).toBe(again ? 0 : 4);
        expect(dataset.train.sampleShape).toEqual([...imageSize, 3]);
        digests.add(dataset.digest);
        dataset.dispose();
      }
    }
    expect(digests.size).toBe(sizes.length);
    expect(readdirSync(cache)).toHaveLength(sizes.length);
  });

  it('is keyed by the versions of all that decodes, so that another decoder makes it again', async () => {
    const [source, cache] = [await twoClasses(), temporaryFolder()];
    (await openDataset({ source, imageSize: [4, 6], cache })).dispose();
    const sources = await Promise.all([1, 2, 3, 4].map(async (salt) => sha256(await pngBytes(salt))));
    const keyFor = (decoder: string) =>
      sha256(
        JSON.stringify({ pictures: 1, decoderVersion: decoder, height: 4, width: 6, maxPixels: 2 ** 28, sources }),
      );
    expect(JSON.parse(decoderVersion())).toEqual([2, process.arch, { ...sharp.versions }]);
    expect(readdirSync(cache)).toEqual([`${keyFor(decoderVersion())}.pictures`]);
    expect(keyFor(`${decoderVersion()} `)).not.toBe(keyFor(decoderVersion()));
  });
});

describe('the first pictures of three classes', () => {
  const names = ['a', 'b', 'c'];
  const listing = {
    folder: 'nowhere',
    classNames: names,
    files: names.flatMap((name, label) => [1, 2, 3, 4].map((i) => ({ path: `${name}/${i}.png`, label }))),
    leftOut: [],
  };

  it.each([3, 4, 5, 6, 7, 8, 10, 11, 12])('of %i go round the classes, the first ones taking one more', (samples) => {
    const wanted = [0, 0, 0];
    for (let i = 0; i < samples; i++) wanted[i % 3]!++;
    const found = firstOfEachClass(listing, samples).map(({ path }) => path);
    expect(found).toEqual(
      names.flatMap((name, label) => [1, 2, 3, 4].slice(0, wanted[label]).map((i) => `${name}/${i}.png`)),
    );
  });

  it.each([
    [13, 5, 'a'],
    [14, 5, 'a'],
  ])('of %i are refused where a class has too few', (samples, least, name) => {
    const message = `openDataset: expected at least ${least} pictures in each class for samples ${samples}, got 4 in class folder '${name}'`;
    expect(() => firstOfEachClass(listing, samples)).toThrow(expect.objectContaining({ message }));
  });
});

describe('endings', () => {
  it('count in capitals too, for every format', async () => {
    const folder = temporaryFolder();
    const jpeg = await picture(1).jpeg().toBuffer();
    put(folder, { 'a/1.PNG': await pngBytes(1), 'a/2.JPG': jpeg, 'a/3.JPEG': jpeg, 'a/4.Jpg': jpeg, 'a/5.TXT': 'no' });
    put(folder, { 'b/1.GIF': await picture(2).gif().toBuffer(), 'b/2.WEBP': await picture(3).webp().toBuffer() });
    const dataset = await openDataset({ source: folder, imageSize: 4, cache: false });
    expect(dataset.train.paths).toEqual(['a/1.PNG', 'a/2.JPG', 'a/3.JPEG', 'a/4.Jpg', 'b/1.GIF', 'b/2.WEBP']);
    expect([...dataset.train.labels!]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(dataset.ignored).toEqual(['a/5.TXT']);
    dataset.dispose();
  });
});

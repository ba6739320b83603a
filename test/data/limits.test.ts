// What is refused before it takes memory or waits for ever: sides, pixels, formats, pipes, and sets that cannot fit.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkFitsMemory } from '../../lib/data/in_memory.js';
import { type DatasetOptions, openDataset, readPicture } from '../../lib/data/index.js';
import { checkCount } from '../../lib/data/picture_set.js';
import { picture, put, temporaryFolder, twoClasses } from './pictures.js';

const refusal = (options: Partial<DatasetOptions>) =>
  openDataset({ source: 'synthetic', imageSize: 8, cache: false, ...options }).then(
    () => 'opened',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  );

/** A PNG of one colour whose header says this side; of its rows only some are there. */
function pngOf(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const [length, check, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(type), data])];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const rows = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

describe('options', () => {
  it.each([2_000_000, 16385, [8, 16385], 2 ** 53 - 1])('refuse pictures with a side of %s', async (imageSize) => {
    const side = Array.isArray(imageSize) ? 16385 : imageSize;
    expect(await refusal({ imageSize: imageSize as never })).toBe(
      `ARGUMENT openDataset: expected imageSize to be an integer from 1 to 16384, got ${side}`,
    );
  });

  it('refuse more samples than a set can have, before any is drawn', async () => {
    expect(await refusal({ samples: 2 ** 40 })).toBe(
      'ARGUMENT openDataset: expected at most 4194304 pictures in a split, got 1099511627776',
    );
    expect(() => checkCount(2 ** 22)).not.toThrow();
  });

  it('refuse pictures that can never fit into memory without a cache, with an estimate', async () => {
    expect(await refusal({ imageSize: 16384, samples: 2 ** 20 })).toMatch(
      /^DATA openDataset: expected pictures that fit into memory together, the .+ [GT]iB of this machine, got 1572864 of 805306368 bytes, 1\.1 PiB; with a cache they are read a batch at a time; or take a smaller imageSize or fewer samples$/,
    );
    const set = { key: '', count: 3, bytesPerPicture: 100, pictures: () => [] as never, check: 'times' as const };
    expect(() => checkFitsMemory([set, set], 600)).not.toThrow();
    expect(() => checkFitsMemory([set, set], 599)).toThrow(
      'openDataset: expected pictures that fit into memory together, the 599 bytes of this machine, got 6 of 100 bytes, ' +
        '600 bytes; with a cache they are read a batch at a time; or take a smaller imageSize or fewer samples',
    );
  });

  it.each([0, 1.5, '9'])('refuse %o as maxPixels', async (maxPixels) => {
    expect(await refusal({ maxPixels: maxPixels as never })).toMatch(
      /^ARGUMENT openDataset: expected maxPixels to be an integer >= 1, got /,
    );
  });
});

describe('a picture of many pixels', () => {
  it('counts as damaged beyond maxPixels, by its header, and is read at the limit', async () => {
    const folder = await twoClasses();
    put(folder, { 'a/3.png': await picture(1, 10, 12).png().toBuffer() });
    const open = (maxPixels: number) =>
      openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip', maxPixels });
    const [at, below] = [await open(120), await open(119)];
    expect(at.damaged).toEqual([]);
    expect(below.damaged).toEqual([
      { split: 'train', path: 'a/3.png', reason: '12 x 10 pixels are more than the limit of 119' },
    ]);
    at.dispose();
    below.dispose();
  });

  it('is refused by the default limit, though its file is small', async () => {
    const folder = temporaryFolder();
    put(folder, { 'bomb.png': pngOf(20_000) });
    await expect(readPicture(join(folder, 'bomb.png'))).rejects.toThrow(
      `readPicture: expected a whole picture '${join(folder, 'bomb.png')}', got 20000 x 20000 pixels are more than the limit of 268435456`,
    );
  });

  it('with another limit is another entry of the cache', async () => {
    const [folder, cache] = [await twoClasses(), temporaryFolder()];
    const open = (maxPixels: number) =>
      openDataset({ source: folder, imageSize: 4, cache, damaged: 'skip', maxPixels });
    const refused = open(47);
    await expect(refused).rejects.toThrow("expected a readable picture in train class 'a', got damaged ones only");
    const dataset = await open(48);
    expect(dataset.train.length).toBe(4);
    dataset.dispose();
  });
});

describe('a format that is not promised', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
  const others: [string, () => Promise<Buffer> | Buffer][] = [
    ['SVG', () => Buffer.from(svg)],
    ['SVG behind an XML head', () => Buffer.from(`<?xml version="1.0"?>\n${svg}`)],
    ['TIFF', () => picture(1, 16, 16).tiff().toBuffer()],
    ['AVIF', () => picture(1, 16, 16).avif().toBuffer()],
    ['PPM', () => Buffer.from(`P6\n1 1\n255\n\u0001\u0002\u0003`, 'latin1')],
    ['PDF', () => Buffer.from('%PDF-1.4\n')],
    ['RIFF that is a sound', () => Buffer.from('RIFF\u0010\u0000\u0000\u0000WAVEfmt ', 'latin1')],
  ];
  it.each(others)('%s never reaches the decoder behind an ending that is read', async (_name, bytesOf) => {
    const bytes = await bytesOf();
    const folder = await twoClasses();
    for (const ending of ['png', 'jpg', 'gif', 'webp']) {
      put(folder, { [`b/x.${ending}`]: bytes });
      const dataset = await openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip' });
      dataset.dispose();
      expect(dataset.damaged.find(({ path }) => path === `b/x.${ending}`)).toEqual({
        split: 'train',
        path: `b/x.${ending}`,
        reason: 'the file is none of jpeg, png, gif, webp',
      });
    }
  });

  it('and endings in capitals name the formats that are read', async () => {
    const folder = await twoClasses();
    const one = () => picture(5, 16, 16);
    put(folder, { 'a/5.JPG': await one().jpeg().toBuffer(), 'a/6.Jpeg': await one().jpeg().toBuffer() });
    put(folder, { 'b/5.PNG': await one().png().toBuffer(), 'b/6.GIF': await one().gif().toBuffer() });
    put(folder, { 'b/7.WebP': await one().webp().toBuffer() });
    const dataset = await openDataset({ source: folder, imageSize: 4, cache: false });
    expect(dataset.train.paths!.filter((path) => /[A-Z]/.test(path))).toEqual([
      'a/5.JPG',
      'a/6.Jpeg',
      'b/5.PNG',
      'b/6.GIF',
      'b/7.WebP',
    ]);
    expect(dataset.description.leftOut).toEqual([]);
    dataset.dispose();
  });
});

describe('what is no regular file', () => {
  it('is never opened as a picture: a pipe would wait for ever, a device has no end', async () => {
    const pipe = join(temporaryFolder(), 'x.png');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero', temporaryFolder()]) {
      await expect(readPicture(path)).rejects.toThrow(
        `readPicture: expected a picture file '${path}', got no regular file`,
      );
    }
  });
});

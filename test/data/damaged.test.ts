// Which pictures count as damaged, in which words, and what the two policies do with them.

import { describe, expect, it } from 'vitest';
import { DamagedPicturesError, openDataset } from '../../lib/data/index.js';
import { picture, put, twoClasses } from './pictures.js';

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
};

/** Every kind of picture that is refused: its name, its bytes, and the words. */
async function damagedKinds(): Promise<[name: string, bytes: Buffer, reason: RegExp][]> {
  const big = picture(1, 64, 64);
  const jpeg = await big.clone().jpeg().toBuffer();
  const png = await big.clone().png().toBuffer();
  return [
    ['cut.jpg', jpeg.subarray(0, jpeg.length - 200), /premature end of JPEG image/i],
    ['cut.png', png.subarray(0, png.length - 200), /./],
    ['broken.png', flipped(png, png.length >> 1), /png/i],
    ['empty.jpg', Buffer.alloc(0), /^the file is empty$/],
    ['text.jpg', Buffer.from('not a picture at all'), /^the file is none of jpeg, png, gif, webp$/],
    ['png_inside.jpg', png, /^the file is png, its name says jpeg$/],
    ['gif_inside.jpeg', await big.clone().gif().toBuffer(), /^the file is gif, its name says jpeg$/],
    ['jpeg_inside.png', jpeg, /^the file is jpeg, its name says png$/],
    ['deep.png', await big.clone().toColourspace('rgb16').png().toBuffer(), /^16-bit picture; convert it to 8 bits$/],
    ['print.jpg', await big.clone().toColourspace('cmyk').jpeg().toBuffer(), /^CMYK picture; convert it to RGB$/],
  ];
}

const kinds = await damagedKinds();

describe.each(kinds)('%s', (name, bytes, reason) => {
  it('is refused with its name and reason', async () => {
    const folder = await twoClasses();
    put(folder, { [`b/${name}`]: bytes });
    const error = await openDataset({ source: folder, imageSize: 4, cache: false }).catch((caught) => caught);
    expect(error).toBeInstanceOf(DamagedPicturesError);
    expect(error.code).toBe('DATA');
    expect(error.damaged).toEqual([{ split: 'train', path: `b/${name}`, reason: expect.stringMatching(reason) }]);
    expect(error.message).toBe(
      `openDataset: expected 5 pictures that can be read, got 1 damaged: train 'b/${name}' (${error.damaged[0].reason}); ` +
        "remove or repair them, or skip them with damaged 'skip'",
    );
  });
});

it('skipping damaged pictures gives the dataset without them and lists them all', async () => {
  const folder = await twoClasses();
  const clean = await openDataset({ source: folder, imageSize: 4, cache: false });
  put(folder, Object.fromEntries(kinds.map(([name, bytes]) => [`a/${name}`, bytes])));
  const rest = await openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip' });
  expect(rest.damaged.map(({ path }) => path)).toEqual(kinds.map(([name]) => `a/${name}`).sort());
  expect(rest.train.paths).toEqual(clean.train.paths);
  expect(rest.digest).toBe(clean.digest);
  rest.dispose();
  clean.dispose();
});

it('a refusal of many names the first five and counts the rest, and carries all', async () => {
  const folder = await twoClasses();
  put(folder, Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`a/x${i}.png`, ''])));
  const error = await openDataset({ source: folder, imageSize: 4, cache: false }).catch((caught) => caught);
  expect(error.damaged).toHaveLength(7);
  expect(error.message).toMatch(
    /got 7 damaged: train 'a\/x0\.png' \(the file is empty\), .*'a\/x4\.png' .*, and 2 more; /,
  );
});

it('a class of damaged pictures only is refused even when they may be skipped', async () => {
  const folder = await twoClasses();
  put(folder, { 'b/1.png': 'x', 'b/2.png': 'x' });
  const opening = openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip' });
  await expect(opening).rejects.toThrow(
    "openDataset: expected a readable picture in train class 'b', got damaged ones only",
  );
});

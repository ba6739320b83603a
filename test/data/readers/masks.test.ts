// Pictures with masks: pairs by name, in splits or not, or a mask of each thing; and what is no mask of a picture.

import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../lib/data/index.js';
import { pngBytes, put, rgbBytes, temporaryFolder } from '../pictures.js';

const [height, width] = [6, 8];

const maskPng = (
  value: (row: number, column: number) => number,
  [rows, columns] = [height, width],
): Promise<Buffer> => {
  const values = Uint8Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));
  return sharp(values, { raw: { height: rows, width: columns, channels: 1 } })
    .png()
    .toBuffer();
};
const half = (row: number) => (row < 3 ? 255 : 0);
const square = (row: number, column: number) => (row > 1 && column > 4 ? 255 : 0);

const open = (folder: string, dataOptions = {}, more = {}) =>
  openDataset({
    source: `masks:${folder}`,
    imageSize: [height, width],
    cache: temporaryFolder(),
    dataOptions,
    ...more,
  });

async function pairs(below = ''): Promise<Record<string, Buffer>> {
  return {
    [`${below}images/1.png`]: await pngBytes(1),
    [`${below}images/2.png`]: await pngBytes(2),
    [`${below}masks/1.png`]: await maskPng(half),
    [`${below}masks/2.png`]: await maskPng(square),
  };
}

describe('masks:DIR', () => {
  it('gives each picture and the class of each of its pixels', async () => {
    const folder = temporaryFolder();
    put(folder, await pairs());
    const { train, classNames, description } = await open(folder);
    expect([train.targets, classNames, train.labels]).toEqual([
      { kind: 'mask', shape: [height, width], classes: 2 },
      ['background', 'object'],
      undefined,
    ]);
    const { x, y } = train.read([1, 0]);
    expect(Array.from(x)).toEqual([...rgbBytes(height, width, 2), ...rgbBytes(height, width, 1)]);
    const wanted = [square, half].flatMap((value) =>
      Array.from({ length: height * width }, (_, i) => value(Math.floor(i / width), i % width) / 255),
    );
    expect(Array.from(y)).toEqual(wanted);
    expect(description.splits).toEqual([{ name: 'train', samples: 2, classes: [] }]);
  });

  it('has another digest for another pixel of a mask', async () => {
    const folder = temporaryFolder();
    put(folder, await pairs());
    const before = (await open(folder)).digest;
    put(folder, { 'masks/1.png': await maskPng((row, column) => (row === 0 && column === 0 ? 0 : half(row))) });
    expect((await open(folder)).digest).not.toBe(before);
  });

  it('takes masks to another size by the nearest pixel', async () => {
    const folder = temporaryFolder();
    put(folder, await pairs());
    const { train } = await open(folder, { channels: 1 }, { imageSize: [3, 4] });
    expect(train.sampleShape).toEqual([3, 4, 1]);
    const wanted = [0, 1, 2].flatMap((row) => [0, 1, 2, 3].map((column) => square(2 * row + 1, 2 * column + 1) / 255));
    expect(Array.from(train.read([1]).y)).toEqual(wanted);
  });

  it('reads splits, holds some out, and takes the first ones', async () => {
    const folder = temporaryFolder();
    put(folder, { ...(await pairs('train/')), ...(await pairs('validation/')) });
    const both = await open(folder);
    expect([both.train.length, both.validation!.length]).toEqual([2, 2]);
    const cut = await open(folder, {}, { validationSamples: 1 });
    expect([cut.train.length, cut.validation!.length, cut.test!.length]).toEqual([1, 1, 2]);
    expect((await open(folder, {}, { samples: 2 })).train.length).toBe(2);
    await expect(open(folder, {}, { samples: 3 })).rejects.toThrow(
      /^openDataset: expected at least 3 pictures for samples 3, got 2 in/,
    );
  });

  it('joins the masks of things, of which there may be none', async () => {
    const folder = temporaryFolder();
    put(folder, {
      'one/images/one.png': await pngBytes(1),
      'one/masks/x.png': await maskPng(half),
      'one/masks/y.png': await maskPng(square),
      'two/images/two.png': await pngBytes(2),
      'two/masks/none.txt': 'no things',
      'stage1.csv': 'x',
    });
    const { train, description } = await open(folder);
    const joined = Array.from({ length: height * width }, (_, i) => {
      const [row, column] = [Math.floor(i / width), i % width];
      return Math.max(half(row), square(row, column)) / 255;
    });
    expect(Array.from(train.read([0]).y)).toEqual(joined);
    expect(Array.from(train.read([1]).y)).toEqual(joined.map(() => 0));
    expect(description.leftOut).toMatchObject([{ reason: 'outside', first: 'stage1.csv' }]);
  });

  it('takes the values and names of more classes', async () => {
    const folder = temporaryFolder();
    put(folder, {
      'images/1.png': await pngBytes(1),
      'labels/1.png': await maskPng((row, column) => [7, 0, 9][(row + column) % 3]!),
    });
    const { train, classNames } = await open(folder, { values: '0,7,9', names: 'sky,sea,land', masks: 'labels' });
    expect(classNames).toEqual(['sky', 'sea', 'land']);
    expect(Array.from(train.read([0]).y).slice(0, 3)).toEqual([1, 0, 2]);
  });
});

describe('masks:DIR is refused', () => {
  const told = async (files: Record<string, Buffer | string>, dataOptions = {}) => {
    const folder = temporaryFolder();
    put(folder, files);
    const message = await open(folder, dataOptions).then(
      () => 'opened',
      (error: Error) => error.message,
    );
    return message.replaceAll(folder, 'DIR');
  };

  it('for a mask of another size, with values that are no classes, with colours, or damaged, naming each', async () => {
    const files = { ...(await pairs()), 'images/3.png': await pngBytes(3), 'images/4.png': await pngBytes(4) };
    const message = await told({
      ...files,
      'masks/1.png': await maskPng(half, [6, 7]),
      'masks/2.png': await maskPng((row, column) => (row === 4 && column === 2 ? 128 : 255)),
      'masks/3.png': await pngBytes(3),
      'masks/4.png': Buffer.from('no picture'),
    });
    expect(message).toBe(
      'openDataset: expected 4 pictures that can be read, got 4 damaged: ' +
        "train 'images/1.png' (mask 'masks/1.png' is 7 x 6 pixels beside a picture of 8 x 6), " +
        "train 'images/2.png' (mask 'masks/2.png' has 128 in row 4, column 2, where the classes are 0, 255), " +
        "train 'images/3.png' (mask 'masks/3.png' has the colour 47, 84, 121 in row 0, column 0, where the classes are 0, 255), " +
        "train 'images/4.png' (mask 'masks/4.png' is damaged: the file is none of jpeg, png, gif, webp); " +
        "remove or repair them, or skip them with damaged 'skip'",
    );
  });

  it('for a picture without a mask, and tells masks without pictures', async () => {
    const { 'masks/1.png': _, ...less } = await pairs();
    expect(await told(less)).toBe(
      `masks: expected a mask of 'images/1.png' in '${path.join('DIR', 'masks')}', got none`,
    );
    const folder = temporaryFolder();
    put(folder, { ...(await pairs()), 'masks/3.png': await maskPng(half) });
    expect((await open(folder)).description.leftOut).toMatchObject([{ reason: 'unpaired', first: 'masks/3.png' }]);
  });

  it.each([
    [{ values: '0' }, "masks: expected values to be two or more numbers to 255, as 0,255, got '0'"],
    [{ values: '0,300' }, "masks: expected values to be two or more numbers to 255, as 0,255, got '0,300'"],
    [{ names: 'a' }, "masks: expected names to be 2 different ones, one for each value, got 'a'"],
    [{ masks: '../x' }, "masks: expected masks to be the name of a folder, got '../x'"],
  ])('for the options %o', async (dataOptions, message) => {
    expect(await told(await pairs(), dataOptions)).toBe(message);
  });

  it('for a folder of another kind', async () => {
    expect(await told({ 'a.txt': 'x' })).toBe(
      "masks: expected images and masks in 'DIR', in train of it, or in a folder for each picture, got none",
    );
  });
});

// Many pictures under way at once: the same bits in the same order for any number, and no more memory than there is room.

import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { inOrder } from '../../lib/data/prepare.js';
import { Room } from '../../lib/data/room.js';
import { picture, put, rgbBytes, temporaryFolder } from './pictures.js';

/** A folder of pictures whose decoding takes unequal times: large ones and small ones, of several formats, and one damaged. */
async function unequal(): Promise<string> {
  const folder = temporaryFolder();
  for (let i = 0; i < 24; i++) {
    const image = picture(i, i % 3 === 0 ? 300 : 9, i % 3 === 0 ? 200 : 7);
    const bytes =
      i % 4 === 1
        ? await image.jpeg().toBuffer()
        : i % 4 === 2
          ? await image.webp({ lossless: true }).toBuffer()
          : await image.png().toBuffer();
    const ending = i % 4 === 1 ? 'jpg' : i % 4 === 2 ? 'webp' : 'png';
    put(folder, {
      [`${i % 2 ? 'a' : 'b'}/${String(i).padStart(2, '0')}.${ending}`]: i === 9 ? bytes.subarray(0, 150) : bytes,
    });
  }
  return folder;
}

it('pictures have the same bits in the same order with 1 to 24 under way, and the same are damaged', async () => {
  const source = await unequal();
  const opened = async (workers?: number) => {
    const dataset = await openDataset({ source, imageSize: 16, cache: false, damaged: 'skip', workers });
    const { x, y } = dataset.train.read(Array.from({ length: dataset.train.length }, (_, i) => i));
    const seen = {
      paths: dataset.train.paths,
      x: Uint8Array.from(x),
      y,
      damaged: dataset.damaged,
      digest: dataset.digest,
    };
    dataset.dispose();
    return seen;
  };
  const one = await opened(1);
  expect([one.paths!.length, one.damaged.map(({ path }) => path)]).toEqual([23, ['a/09.jpg']]);
  for (const workers of [2, 3, 8, 24, undefined]) expect(await opened(workers), `${workers}`).toEqual(one);
});

it('as many are under way as asked for, never more, and results come in order', async () => {
  let [now, most] = [0, 0];
  const results: number[] = [];
  const items = Array.from({ length: 20 }, (_, i) => i);
  const work = async (item: number) => {
    most = Math.max(most, ++now);
    for (let turn = item % 5; turn >= 0; turn--) await Promise.resolve();
    now--;
    return item;
  };
  for await (const result of inOrder(items, 6, work)) results.push(result);
  expect([results, most, now]).toEqual([items, 6, 0]);
});

describe('room for decoded pictures', () => {
  /** Seats that note when they have been let in. */
  const entered = (room: Room, sizes: readonly number[]) => {
    const order: number[] = [];
    const seats = sizes.map((bytes, i) => {
      const seat = room.seat();
      void seat.take(bytes).then(() => order.push(i));
      return seat;
    });
    return { order, seats };
  };
  const settled = () => setImmediate();

  it('is given in the order of asking, as far as it goes', async () => {
    const { order, seats } = entered(new Room(100), [60, 60, 10]);
    await settled();
    expect(order).toEqual([0]);
    seats[0]!.leave();
    await settled();
    expect(order).toEqual([0, 1, 2]);
  });

  it('is had alone by what is larger than all of it', async () => {
    const { order, seats } = entered(new Room(100), [1000, 1]);
    await settled();
    expect(order).toEqual([0]);
    seats[0]!.leave();
    await settled();
    expect(order).toEqual([0, 1]);
  });

  it('is not asked for twice by one seat, and is given back whole', async () => {
    const room = new Room(100);
    const [first, second] = [room.seat(), room.seat()];
    await first.take(100);
    await first.take(100);
    first.leave();
    await second.take(100);
    second.leave();
    const { order } = entered(room, [50, 50, 1]);
    await settled();
    expect(order).toEqual([0, 1]);
  });
});

describe('the size that the first bytes of a file say', () => {
  it.each([
    ['a progressive JPEG', 'jpg', () => picture(1, 33, 21).jpeg({ progressive: true }).toBuffer()],
    ['a grey JPEG', 'jpg', () => picture(1, 33, 21).greyscale().jpeg().toBuffer()],
    [
      'a JPEG with a profile and a thumbnail of facts',
      'jpg',
      () => picture(1, 33, 21).withIccProfile('p3').withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    ],
    ['a PNG with a palette', 'png', () => picture(1, 33, 21).png({ palette: true, colours: 4 }).toBuffer()],
    ['a PNG with alpha', 'png', () => picture(1, 33, 21).ensureAlpha(0.5).png().toBuffer()],
  ])('%s is held against the limit, and its pixels are those of the decoder', async (_what, ending, bytesOf) => {
    const bytes = await bytesOf();
    const folder = temporaryFolder();
    put(folder, { [`a/x.${ending}`]: bytes, [`b/x.${ending}`]: bytes });
    const open = (maxPixels: number) => openDataset({ source: folder, imageSize: [33, 21], cache: false, maxPixels });
    await expect(open(33 * 21 - 1)).rejects.toThrow('(21 x 33 pixels are more than the limit of 692)');
    const dataset = await open(33 * 21);
    const raw = await sharp(bytes, { ignoreIcc: true }).removeAlpha().toColourspace('srgb').raw().toBuffer();
    expect(Uint8Array.from(dataset.train.read([0]).x)).toEqual(new Uint8Array(raw));
    dataset.dispose();
  });

  it('is not trusted for more: CMYK and 16 bits are refused as before', async () => {
    const folder = temporaryFolder();
    const deep = Uint16Array.from(rgbBytes(9, 9, 1), (value) => value * 257);
    const sixteen = await sharp(deep, { raw: { height: 9, width: 9, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    put(folder, { 'a/ok.png': await picture(1).png().toBuffer(), 'b/ok.png': await picture(2).png().toBuffer() });
    put(folder, {
      'a/cmyk.jpg': await picture(1, 9, 9).toColourspace('cmyk').jpeg().toBuffer(),
      'a/deep.png': sixteen,
    });
    const dataset = await openDataset({ source: folder, imageSize: 4, cache: false, damaged: 'skip' });
    dataset.dispose();
    expect(dataset.damaged.map(({ path, reason }) => [path, reason])).toEqual([
      ['a/cmyk.jpg', 'CMYK picture; convert it to RGB'],
      ['a/deep.png', '16-bit picture; convert it to 8 bits'],
    ]);
  });
});

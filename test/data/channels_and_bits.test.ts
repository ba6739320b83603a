// Grey pictures with one channel, and 16-bit PNG files whose values are all kept, by a stated scaling.

import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { pngBytes, put, rgbBytes, temporaryFolder } from './pictures.js';

const [height, width] = [6, 8];

/** A PNG file of 16-bit values: colour type 0 (grey) or 2 (RGB). */
function png16(values: readonly number[], type: 0 | 2): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([16, type], 8);
  const line = width * (type === 2 ? 6 : 2);
  const rows = Buffer.alloc(height * (line + 1));
  values.forEach((value, i) => {
    const row = Math.floor((2 * i) / line);
    rows.writeUInt16BE(value, row * (line + 1) + 1 + ((2 * i) % line));
  });
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

const grey = (salt: number) => Array.from({ length: height * width }, (_, i) => (i * 4099 + salt * 257) % 65536);
const colour = Array.from({ length: height * width * 3 }, (_, i) => (i * 1237 + 3) % 65536);

async function folder(): Promise<string> {
  const made = temporaryFolder();
  put(made, { 'a/1.png': png16(grey(1), 0), 'a/2.png': await pngBytes(2), 'b/3.png': png16(colour, 2) });
  return made;
}

const open = (source: string, dataOptions: Record<string, number>) =>
  openDataset({ source, imageSize: [height, width], cache: temporaryFolder(), dataOptions });

describe('16 bits', () => {
  it('are a stored value / 257, of bytes the byte itself, in three channels', async () => {
    const source = await folder();
    const { train } = await open(source, { bits: 16 });
    expect(train.sampleShape).toEqual([height, width, 3]);
    const three = grey(1).flatMap((value) => [value, value, value]);
    expect(Array.from(train.read([0]).x)).toEqual(three.map((value) => Math.fround(value / 257)));
    expect(Array.from(train.read([1]).x)).toEqual(Array.from(rgbBytes(height, width, 2)));
    expect(Array.from(train.read([2]).x)).toEqual(colour.map((value) => Math.fround(value / 257)));
  });

  it('are one channel where asked: grey as it is, colours weighed', async () => {
    const { train, digest } = await open(await folder(), { bits: 16, channels: 1 });
    const first = Float32Array.from(train.read([0]).x);
    expect(Array.from(first)).toEqual(grey(1).map((value) => Math.fround(value / 257)));
    expect(new Set(first).size).toBe(new Set(grey(1)).size);
    const [red, green, blue] = colour.map((value) => Math.fround(value / 257)) as [number, number, number];
    expect(train.read([2]).x[0]).toBe(Math.fround((299 * red + 587 * green + 114 * blue) / 1000));
    expect(digest).not.toBe((await open(await folder(), { bits: 16 })).digest);
  });

  it('are refused where 8 are asked for', async () => {
    await expect(open(await folder(), {})).rejects.toThrow(
      /2 damaged: train 'a\/1.png' \(16-bit picture; convert it to 8 bits\)/,
    );
  });
});

it('bytes of one channel are 0.299 R + 0.587 G + 0.114 B, halves up', async () => {
  const source = temporaryFolder();
  put(source, { 'a/1.png': await pngBytes(1), 'b/2.png': await pngBytes(2) });
  const { train } = await open(source, { channels: 1 });
  const rgb = rgbBytes(height, width, 1);
  const wanted = Array.from({ length: height * width }, (_, i) =>
    Math.floor((299 * rgb[3 * i]! + 587 * rgb[3 * i + 1]! + 114 * rgb[3 * i + 2]! + 500) / 1000),
  );
  expect([train.sampleShape, Array.from(train.read([0]).x)]).toEqual([[height, width, 1], wanted]);
});

it.each([
  [{ channels: 2 }, 'openDataset dataOptions: expected channels to be 1 or 3, got 2'],
  [{ bits: 12 }, 'openDataset dataOptions: expected bits to be 8 or 16, got 12'],
  [{ window: 1 }, "openDataset dataOptions: expected options channels, bits, splitFile, got 'window'"],
])('%o is refused', async (dataOptions, message) => {
  await expect(open('nowhere', dataOptions as never)).rejects.toThrow(
    expect.objectContaining({ code: 'ARGUMENT', message }),
  );
});

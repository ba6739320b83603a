// From a file to the bytes the network sees: conversion to RGB and the library's own resizing.

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { greyOf, openDataset } from '../../lib/data/index.js';
import { resizeBilinear as nativeFloats, tensor } from '../../lib/index.js';
import { resizeBytes as nativeBytes } from '../../lib/ops/index.js';
import { resizeBilinear, resizeBytes } from '../contract/images.js';
import { expectSameBits } from '../support/bits.js';
import { deterministicTargets, onTarget } from '../support/targets.js';
import { picture, put, rgbBytes, temporaryFolder, twoClasses } from './pictures.js';

/** The bytes of one picture file as a dataset gives them at a size. */
async function seen(name: string, bytes: Uint8Array, imageSize: readonly [number, number]): Promise<Uint8Array> {
  const folder = temporaryFolder();
  put(folder, { [`a/${name}`]: bytes, [`b/${name}`]: bytes });
  const dataset = await openDataset({ source: folder, imageSize, cache: false });
  const target = Uint8Array.from(dataset.train.read([0]).x);
  dataset.dispose();
  return target;
}

const stored = rgbBytes(6, 8, 1);

describe('a picture of the size asked for', () => {
  it('keeps its bytes', async () => {
    expect(await seen('x.png', await picture(1).png().toBuffer(), [6, 8])).toEqual(stored);
  });

  it('keeps its stored colours whatever its profile says', async () => {
    const untagged = await picture(1).png().toBuffer();
    const tagged = await sharp(untagged).withIccProfile('p3').png().toBuffer();
    const raw = await sharp(tagged, { ignoreIcc: true }).raw().toBuffer();
    const managed = await sharp(tagged).raw().toBuffer();
    expect(managed.equals(raw)).toBe(false);
    expect(await seen('x.png', tagged, [6, 8])).toEqual(new Uint8Array(raw));
  });

  it('is not turned by its EXIF orientation', async () => {
    const turned = await picture(1).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await seen('x.png', turned, [6, 8])).toEqual(stored);
  });

  it('loses its alpha and nothing else', async () => {
    const clear = await picture(1).ensureAlpha(0.25).png().toBuffer();
    expect(await seen('x.png', clear, [6, 8])).toEqual(stored);
  });

  it('has three equal channels when it is grey', async () => {
    const values = Uint8Array.from({ length: 48 }, (_, i) => i * 5);
    const grey = await sharp(values, { raw: { height: 6, width: 8, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect(await seen('x.png', grey, [6, 8])).toEqual(
      Uint8Array.from({ length: 144 }, (_, i) => values[Math.floor(i / 3)]!),
    );
  });

  it('is the first frame of a GIF that moves', async () => {
    const frames = Buffer.concat([rgbBytes(6, 8, 1), rgbBytes(6, 8, 2)]);
    const raw = { height: 12, width: 8, channels: 3 as const, pageHeight: 6 };
    const moving = await sharp(frames, { raw }).gif({ loop: 0 }).toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(2);
    const first = await sharp(moving).removeAlpha().raw().toBuffer();
    expect(await seen('x.gif', moving, [6, 8])).toEqual(new Uint8Array(first));
  });
});

describe('resizing', () => {
  it.each([
    [3, 4],
    [5, 7],
    [13, 9],
    [1, 1],
    [12, 3],
  ])('to %i x %i is the contract bit for bit', async (height, width) => {
    const wanted = resizeBytes({ shape: [1, 6, 8, 3], data: stored }, [height, width]);
    expect(await seen('x.png', await picture(1).png().toBuffer(), [height, width])).toEqual(wanted.data);
  });
});

it('resizing bytes, to floats and to bytes, is the contract on every deterministic target and thread count', () => {
  const x = { shape: [2, 37, 23, 3], data: Uint8Array.from({ length: 2 * 37 * 23 * 3 }, (_, i) => (i * 7919) % 251) };
  const size = [19, 50] as const;
  const [floats, bytes] = [resizeBilinear(x, size), resizeBytes(x, size)];
  for (const target of deterministicTargets) {
    for (const threads of [1, 2, 3, 7]) {
      onTarget(target, threads, (runtime) => {
        using given = tensor(runtime, x.data, x.shape);
        using asFloats = nativeFloats(given, size);
        using asBytes = nativeBytes(given, size);
        expectSameBits(`${target.name}, ${threads} threads`, asFloats.data(), floats.data);
        expect(new Uint8Array(asBytes.data().buffer), `${target.name}, ${threads} threads`).toEqual(bytes.data);
      });
    }
  }
});

it('read gives the pictures asked for one after the other, with their classes', async () => {
  const dataset = await openDataset({ source: await twoClasses(), imageSize: [6, 8], cache: false });
  const { x, y } = dataset.train.read([3, 0, 3]);
  expect(Array.from(y)).toEqual([1, 0, 1]);
  expect(x).toEqual(Uint8Array.from([...rgbBytes(6, 8, 4), ...rgbBytes(6, 8, 1), ...rgbBytes(6, 8, 4)]));
  dataset.dispose();
  expect(() => dataset.train.read([0])).toThrow('dataset: expected an open dataset, got one that was disposed');
});

it('grey is the weighted sum of three channels, halves up, and leaves grey as it is', () => {
  const colours = rgbBytes(5, 7, 3);
  const wanted = Array.from({ length: 35 }, (_, i) => {
    const [red, green, blue] = colours.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    return Number((BigInt(red) * 299n + BigInt(green) * 587n + BigInt(blue) * 114n + 500n) / 1000n);
  });
  expect([...greyOf(colours)]).toEqual(wanted);
  const all = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  expect([...greyOf(all)]).toEqual(Array.from({ length: 256 }, (_, i) => i));
});

// The drawn set `cracks`: the same bytes everywhere, as few cracks as asked for, and not to be told apart by a single number.

import { describe, expect, it } from 'vitest';
import { type DatasetOptions, openDataset, type Split } from '../../lib/data/index.js';

const open = (more: Partial<DatasetOptions> = {}) =>
  openDataset({ source: 'cracks', imageSize: 32, samples: 10, cache: false, ...more });

const pixels = (split: Split): Uint8Array[] =>
  Array.from({ length: split.length }, (_, i) => Uint8Array.from(split.read([i]).x));

describe('the set of cracks', () => {
  it('is the one of this recipe, in colours and in grey', async () => {
    expect((await open()).digest).toBe('sha256:3018168fbce0cc03aa5b23d1a75fb6affaa5a641c63a1438673533a1d1a139d8');
    expect((await open({ dataOptions: { channels: 1 }, imageSize: [20, 28] })).digest).toBe(
      'sha256:450226d0d33045940196b73ea95c9ddb4bf55fa1092a1f608f8d50feb1119792',
    );
  });

  it('has two classes, half as many pictures to validate on, and shares as asked for', async () => {
    const { classNames, train, validation } = await open();
    expect(classNames).toEqual(['uncracked', 'cracked']);
    expect([...train.labels!]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect([...validation!.labels!]).toEqual([0, 1, 0, 1, 0]);
    expect(train.paths!.slice(0, 2)).toEqual(['uncracked/000000', 'cracked/000001']);
    const few = await open({ samples: 40, imageSize: 4, dataOptions: { cracked: 0.15 } });
    expect(
      [few.train, few.validation!].map(({ labels }) => [...labels!].filter((label) => label === 1).length),
    ).toEqual([6, 3]);
  });

  it('never shows one picture twice, in one split or across both', async () => {
    const { train, validation } = await open();
    const all = [...pixels(train), ...pixels(validation!)].map((picture) => Buffer.from(picture).toString('base64'));
    expect(new Set(all).size).toBe(15);
  });

  it('begins with the pictures of a smaller set, and is another for another seed', async () => {
    const [few, many, other] = [await open({ samples: 4 }), await open(), await open({ seed: 7 })];
    expect(pixels(many.train).slice(0, 4)).toEqual(pixels(few.train));
    expect(pixels(other.train).filter((picture, i) => Buffer.compare(picture, pixels(many.train)[i]!) === 0)).toEqual(
      [],
    );
    expect(other.digest).not.toBe(many.digest);
  });

  it('draws the same pictures whatever share is cracked, but for the cracks', async () => {
    const [half, most] = [await open(), await open({ dataOptions: { cracked: 0.6 } })];
    const same = [...half.train.labels!].map((label, i) => label === most.train.labels![i]);
    expect(new Set(same)).toEqual(new Set([true, false]));
    expect(pixels(most.train).map((picture, i) => Buffer.compare(picture, pixels(half.train)[i]!) === 0)).toEqual(same);
  });

  it('is grey as a weighted sum of its colours', async () => {
    const [grey, colours] = [await open({ dataOptions: { channels: 1 } }), await open()];
    const [one, three] = [pixels(grey.train)[3]!, pixels(colours.train)[3]!];
    expect([...one]).toEqual(
      [...one].map((_, i) =>
        Math.floor((299 * three[3 * i]! + 587 * three[3 * i + 1]! + 114 * three[3 * i + 2]! + 500) / 1000),
      ),
    );
  });

  it('cannot be told apart by mean, darkest part or roughness: no threshold on any is right for three of four pictures', async () => {
    const { train } = await open({ samples: 200, imageSize: 48, dataOptions: { channels: 1 } });
    const measures = pixels(train).map((picture) => {
      const sorted = Uint8Array.from(picture).sort();
      const steps = picture.subarray(1).map((value, i) => Math.abs(value - picture[i]!));
      return {
        mean: picture.reduce((sum, value) => sum + value, 0),
        dark: sorted[Math.floor(sorted.length / 50)]!,
        rough: steps.reduce((sum, value) => sum + value, 0),
      };
    });
    for (const name of ['mean', 'dark', 'rough'] as const) {
      const right = measures.map(({ [name]: threshold }) => {
        const hits = measures.filter((one, i) => one[name] >= threshold === (train.labels![i] === 0)).length;
        return Math.max(hits, 200 - hits);
      });
      expect(Math.max(...right), name).toBeLessThan(150);
    }
  });

  it.each<[string, Partial<DatasetOptions>, string]>([
    [
      'a share of all',
      { dataOptions: { cracked: 1 } },
      'cracks: expected cracked to be a number above 0, below 1, got 1',
    ],
    [
      'a share in words',
      { dataOptions: { cracked: 'few' } },
      "cracks: expected cracked to be a number above 0, below 1, got 'few'",
    ],
    [
      'too few pictures for a class',
      { dataOptions: { cracked: 0.15 } },
      'cracks: expected pictures of both classes in validation, got 0 cracked of 5; take more samples',
    ],
    ['16 bits', { dataOptions: { bits: 16 } }, "openDataset: expected no bits beside source 'cracks', got 16"],
    [
      'samples held out',
      { validationSamples: 2 },
      "openDataset: expected no validationSamples beside source 'cracks', got 2",
    ],
    [
      'a folder beside it',
      { validation: 'x' },
      "openDataset: expected no validation folder beside source 'cracks', got 'x'",
    ],
  ])('refuses %s', async (_what, more, message) => {
    await expect(open(more)).rejects.toThrow(message);
  });
});

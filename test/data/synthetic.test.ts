// The embedded picture set: the same bytes everywhere, balanced, and not to be told apart by a single number.

import { describe, expect, it } from 'vitest';
import { type DatasetOptions, openDataset, type Split } from '../../lib/data/index.js';

const open = (more: Partial<DatasetOptions> = {}) =>
  openDataset({ source: 'synthetic', imageSize: 24, samples: 10, cache: false, ...more });

function pixels(split: Split): Uint8Array[] {
  return Array.from({ length: split.length }, (_, i) => Uint8Array.from(split.read([i]).x));
}

describe('the synthetic set', () => {
  it('is the one of this contract', async () => {
    expect((await open()).digest).toBe('sha256:8c7f44b7b407aa0690aa33eabbed0c950466c9eeca9735c39b653c5c667a45c1');
  });

  it('has two classes of equal number, and half as many pictures to validate on', async () => {
    const { classNames, train, validation } = await open();
    expect(classNames).toEqual(['bears', 'cats']);
    expect([...train.labels!]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect([...validation!.labels!]).toEqual([0, 1, 0, 1, 0]);
  });

  it('never shows one picture twice, in one split or across both', async () => {
    const { train, validation } = await open();
    const all = [...pixels(train), ...pixels(validation!)].map((picture) => Buffer.from(picture).toString('base64'));
    expect(new Set(all).size).toBe(15);
  });

  it('begins with the pictures of a smaller set, and is another for another seed', async () => {
    const [few, many, other] = [await open({ samples: 4 }), await open(), await open({ seed: 7 })];
    expect(pixels(many.train).slice(0, 4)).toEqual(pixels(few.train));
    expect(pixels(other.train)[0]).not.toEqual(pixels(many.train)[0]);
  });

  it('cannot be told apart by brightness or warmth: no threshold on either is right for three of four pictures', async () => {
    const { train } = await open({ samples: 200 });
    const measures = pixels(train).map((picture) => {
      const sums = [0, 0, 0];
      picture.forEach((value, i) => {
        sums[i % 3]! += value;
      });
      return { brightness: sums[0]! + sums[1]! + sums[2]!, warmth: sums[0]! - sums[2]! };
    });
    for (const name of ['brightness', 'warmth'] as const) {
      const right = measures.map(({ [name]: threshold }) => {
        const hits = measures.filter((one, i) => one[name] >= threshold === (train.labels![i] === 0)).length;
        return Math.max(hits, 200 - hits);
      });
      expect(Math.max(...right), name).toBeLessThan(150);
      expect(Math.max(...right), name).toBeGreaterThanOrEqual(100);
    }
  });

  it('takes no validation folder', async () => {
    await expect(open({ validation: '/some/where' })).rejects.toThrow(
      "openDataset: expected no validation folder beside source 'synthetic', got '/some/where'",
    );
  });
});

describe('openDataset refuses', () => {
  it.each<[string, Partial<DatasetOptions>, string]>([
    ['a source that is no name', { source: '' }, "source to be a folder, 'synthetic' or 'cracks', got ''"],
    ['an image size of nothing', { imageSize: 0 }, 'imageSize to be an integer from 1 to 16384, got 0'],
    ['half a pixel', { imageSize: [8, 8.5] }, 'imageSize to be an integer from 1 to 16384, got 8.5'],
    [
      'no image size',
      { imageSize: undefined as unknown as number },
      'imageSize to be an integer from 1 to 16384, got undefined',
    ],
    ['one sample', { samples: 1 }, 'samples to be an integer >= 2, got 1'],
    ['a negative seed', { seed: -1 }, 'seed to be an integer from 0 to 2^53 - 1, got -1'],
    ['no workers', { workers: 0 }, 'workers to be an integer >= 1, got 0'],
    ['an unknown policy', { damaged: 'ignore' as 'skip' }, "damaged to be one of 'refuse', 'skip', got 'ignore'"],
    [
      'an unknown option',
      { size: 4 } as object,
      "options source, validation, imageSize, samples, dataOptions, validationSamples, validationFraction, splitSeed, seed, damaged, maxPixels, cache, check, workers, onProgress, onNote, onForm, signal, got 'size'",
    ],
    ['a cache of no name', { cache: '' }, "cache to be a folder or false, got ''"],
  ])('%s', async (_, more, message) => {
    await expect(open(more)).rejects.toThrow(`openDataset: expected ${message}`);
  });
});

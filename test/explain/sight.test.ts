// Samples of data as things that are explained: how they are shown, covered and refused.

import { describe, expect, it } from 'vitest';
import { occlude } from '../../lib/explain/index.js';
import { pictureSight, requirePictures, sampleSight } from '../../lib/explain/sight.js';
import { Words } from '../../lib/random/index.js';
import { createRuntime } from '../../lib/runtime/index.js';
import { rgbBytes } from '../data/pictures.js';

const region = { top: 1, left: 2, height: 2, width: 1 };
const bytes = (count: number, seed: number) => {
  const words = new Words({ seed, stream: 1, step: 0 });
  return Uint8Array.from({ length: count }, () => words.below(256));
};

describe('a sample is shown', () => {
  it('as it is where it is bytes of three channels', () => {
    const values = rgbBytes(4, 5, 3);
    expect(sampleSight('it', 'train:0', values, [4, 5, 3]).shown).toEqual({ height: 4, width: 5, pixels: values });
  });

  it('as grey where it has one channel, with or without an axis for it', () => {
    const values = Uint8Array.of(0, 7, 255, 128, 1, 2);
    const grey = [...values].flatMap((value) => [value, value, value]);
    for (const shape of [
      [2, 3],
      [2, 3, 1],
    ]) {
      expect([...sampleSight('it', 'train:0', values, shape).shown.pixels]).toEqual(grey);
    }
  });

  it('as the grey of the mean of its channels where these are two or more than three, halves rounded up', () => {
    const { pixels } = sampleSight('it', 'train:0', Uint8Array.of(0, 1, 10, 20), [1, 2, 2]).shown;
    expect([...pixels]).toEqual([1, 1, 1, 15, 15, 15]);
  });

  it('from its least to its largest value where it is floats, black where all are one', () => {
    const { pixels } = sampleSight('it', 'train:0', Float32Array.of(-1, 0, 1, 0.5), [2, 2, 1]).shown;
    expect([...pixels].filter((_, i) => i % 3 === 0)).toEqual([0, 128, 255, 191]);
    expect([...sampleSight('it', 'train:0', new Float32Array(4).fill(3), [2, 2]).shown.pixels]).toEqual(
      new Array(12).fill(0),
    );
  });
});

describe('a covered sample', () => {
  it('is what occlude makes of the same picture', () => {
    const [height, width] = [5, 7];
    const pixels = bytes(height * width * 3, 11);
    const { shown } = sampleSight('it', 'train:0', pixels, [height, width, 3]).covered(region);
    expect(shown).toEqual(occlude({ height, width, pixels }, region));
    expect(shown.pixels).not.toEqual(pixels);
  });

  it('has the mean of each channel in the region and nothing else changed', () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? i : -i));
    using runtime = createRuntime();
    const sight = sampleSight('it', 'train:0', values, [3, 4, 2]);
    const covered = sight.covered(region).values(runtime, [3, 4, 2]);
    const inside = (i: number) => [6, 10].includes(i >> 1);
    for (let i = 0; i < 24; i++) expect(covered[i]).toBe(inside(i) ? (i % 2 === 0 ? 11 : -12) : values[i]);
  });
});

describe('refusals', () => {
  it('of samples without rows and columns', () => {
    expect(() => sampleSight('explain sample', 'train:0', new Float32Array(4), [4])).toThrow(
      'explain sample: expected samples [height, width] or [height, width, channels], over which heat can lie, got [4]',
    );
  });

  it('of samples of another shape than the runs took', () => {
    const sight = sampleSight('explain sample', 'train:0', new Float32Array(4), [2, 2]);
    expect(() => sight.check('explain sample', [2, 3])).toThrow(
      'explain sample: expected samples [2, 3], as the runs were trained on, got [2, 2]',
    );
    expect(() => sight.check('explain sample', [2, 2])).not.toThrow();
  });

  it('of a picture for runs that take none', () => {
    const words =
      'explain image: expected runs trained on pictures [height, width, 3] or [height, width, 1], got samples [28, 28, 4]; ' +
      'explain a sample of their data instead, by data and sample';
    expect(() => requirePictures('explain image', [28, 28, 4])).toThrow(words);
    const sight = pictureSight('photo.png', { height: 8, width: 8, pixels: rgbBytes(8, 8, 1) });
    expect(() => sight.check('explain image', [28, 28, 4])).toThrow(words);
    for (const channels of [1, 3]) expect(() => sight.check('explain image', [16, 16, channels])).not.toThrow();
  });
});

// docs/contract.md is enough to augment a picture and its mask: every step alone, and several in a row, drawn at random, have the
// library's bytes. Control: another epoch, and a step whose number is another.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentSplit, type Split } from '../../lib/index.js';
import { augmentedSample, type Masked, type Step } from './augmentation.js';

const wordsOf = (step: Step): string => {
  if (step.kind === 'flip') {
    const mode =
      step.horizontal && step.vertical ? 'horizontal_and_vertical' : step.horizontal ? 'horizontal' : 'vertical';
    return `flip:mode=${mode}`;
  }
  const { kind, ...options } = step;
  return `${kind}:${Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')}`;
};

const share = fc.integer({ min: 0, max: 60 }).map((n) => n / 100);
const kinds = {
  flip: fc.constantFrom<Step>(
    { kind: 'flip', horizontal: true, vertical: false },
    { kind: 'flip', horizontal: false, vertical: true },
    { kind: 'flip', horizontal: true, vertical: true },
  ),
  rotation: share.map((factor): Step => ({ kind: 'rotation', factor })),
  zoom: share.map((factor): Step => ({ kind: 'zoom', factor })),
  translation: share.map((factor): Step => ({ kind: 'translation', factor })),
  contrast: share.map((factor): Step => ({ kind: 'contrast', factor })),
  crop: fc.integer({ min: 1, max: 6 }).map((padding): Step => ({ kind: 'crop', padding })),
  elastic: fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0.5, 1.3, 4))
    .map(([alpha, sigma]): Step => ({ kind: 'elastic', alpha, sigma })),
};

const samples = 3;
/** A few samples of one drawn size; odd sides, and sides of one pixel, too. */
const pictures = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 3))
  .chain(([h, w, channels]) =>
    fc.tuple(
      fc.constant([h, w, channels] as const),
      fc.uint8Array({ minLength: samples * h * w * channels, maxLength: samples * h * w * channels }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: samples * h * w, maxLength: samples * h * w }),
    ),
  );

type Pictures = readonly [Masked['size'], Uint8Array, readonly number[]];

const splitOf = ([[h, w, channels], pixels, masks]: Pictures): Split => ({
  length: samples,
  sampleShape: [h, w, channels],
  targets: { kind: 'mask', shape: [h, w], classes: 3 },
  read: (indices) => ({
    x: part(pixels, indices, h * w * channels, Uint8Array),
    y: part(masks, indices, h * w, Float32Array),
  }),
});

function part<T extends Uint8Array | Float32Array>(
  values: ArrayLike<number>,
  indices: ArrayLike<number>,
  length: number,
  Kind: new (values: number[]) => T,
): T {
  return new Kind(Array.from(indices).flatMap((i) => Array.from({ length }, (_, at) => values[i * length + at]!)));
}

const judged = (
  [size, pixels, masks]: Pictures,
  steps: readonly Step[],
  epoch: number,
  sample: number,
  seed: number,
) => {
  const [h, w, channels] = size;
  const one = {
    size,
    pixels: pixels.subarray(sample * h * w * channels, (sample + 1) * h * w * channels),
    mask: masks.slice(sample * h * w, (sample + 1) * h * w),
  };
  return augmentedSample(one, steps, { seed: BigInt(seed), epoch, sample, samples });
};

const found = (set: Pictures, steps: readonly Step[], epoch: number, sample: number, seed: number) => {
  const { x, y } = augmentSplit(splitOf(set), { steps: steps.map(wordsOf), seed }).read([sample], epoch);
  return { pixels: Array.from(x), mask: Array.from(y) };
};

const place = fc.tuple(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: samples - 1 }),
  fc.constantFrom(0, 7, 2 ** 33 + 1001),
);

describe('augmentation, from the page', () => {
  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s has the same bytes', (kind) => {
    fc.assert(
      fc.property(pictures, kinds[kind], place, (set, step, [epoch, sample, seed]) => {
        expect(found(set, [step], epoch, sample, seed)).toEqual(judged(set, [step], epoch, sample, seed));
      }),
      { seed: 30, numRuns: 40 },
    );
  });

  it('several steps in a row have the same bytes', () => {
    const several = fc.array(fc.oneof(...Object.values(kinds)), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(pictures, several, place, (set, steps, [epoch, sample, seed]) => {
        expect(found(set, steps, epoch, sample, seed)).toEqual(judged(set, steps, epoch, sample, seed));
      }),
      { seed: 31, numRuns: 80 },
    );
  });

  it('and others in another epoch, and where a number is another (control)', () => {
    const [h, w] = [9, 8];
    const set: Pictures = [
      [h, w, 1],
      Uint8Array.from({ length: samples * h * w }, (_, i) => (37 * i) % 256),
      Array.from({ length: samples * h * w }, (_, i) => i % 3),
    ];
    const zoom = (factor: number): Step[] => [{ kind: 'zoom', factor }];
    expect(found(set, zoom(0.3), 1, 0, 7)).toEqual(judged(set, zoom(0.3), 1, 0, 7));
    expect(found(set, zoom(0.3), 1, 0, 7)).not.toEqual(judged(set, zoom(0.3), 2, 0, 7));
    expect(found(set, zoom(0.3), 1, 0, 7)).not.toEqual(judged(set, zoom(0.31), 1, 0, 7));
  });
});

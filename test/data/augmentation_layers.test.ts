// The augmentation layers: nothing outside of training, a map of its own for each sample in it, and their options.

import { describe, expect, it } from 'vitest';
import { createRuntime, layers, type Tensor, tensor } from '../../lib/index.js';
import type { Layer } from '../../lib/layers/index.js';
import { imageTransform, rotationMaps, zoomMaps } from '../contract/images.js';
import { expectSameBits } from '../support/bits.js';

const { randomFlip, randomRotation, randomZoom, rescaling } = layers;
const [count, height, width] = [5, 9, 12];
const values = Float32Array.from({ length: count * height * width * 3 }, (_, i) => (i * 7919) % 256);

/** Calls a layer on five pictures, each value different from its neighbours. */
function called(layer: Layer, context: { training: boolean; step?: number; seed?: number }): Float32Array {
  using runtime = createRuntime({ threads: 2 });
  using x = tensor(runtime, values, [count, height, width, 3]);
  const y: Tensor = layer.call([x], { step: 3, seed: 11, ...context });
  return y.data();
}

const augmentations: [name: string, make: (seed?: number) => Layer][] = [
  ['randomFlip', (seed) => randomFlip({ ...(seed !== undefined && { seed }) })],
  ['randomRotation', (seed) => randomRotation({ factor: 0.1, ...(seed !== undefined && { seed }) })],
  ['randomZoom', (seed) => randomZoom({ heightFactor: 0.2, ...(seed !== undefined && { seed }) })],
];

describe.each(augmentations)('%s', (_, make) => {
  it('does nothing outside of training', () => {
    expectSameBits('output', called(make(), { training: false }), values);
  });

  it('changes pictures in training, the same way for the same step and seed', () => {
    const once = called(make(), { training: true });
    expect(once).not.toEqual(values);
    expectSameBits('again', called(make(), { training: true }), once);
    expect(called(make(), { training: true, step: 4 })).not.toEqual(once);
    expect(called(make(), { training: true, seed: 12 })).not.toEqual(once);
  });

  it('with a seed of its own does not follow the seed of the run', () => {
    const once = called(make(1), { training: true, seed: 11 });
    expectSameBits('other run', called(make(1), { training: true, seed: 12 }), once);
  });

  it('keeps the shape and refuses what is no picture', () => {
    expect(make().computeOutputShape([[8, 9, 3]])).toEqual([8, 9, 3]);
    expect(() => make().computeOutputShape([[8, 9]])).toThrow('expected input [h, w, c] beside the batch, got [8, 9]');
  });
});

describe('the maps a layer draws', () => {
  const draw = { source: { seed: 11n, stream: 3, step: 3 }, count, first: 0, size: [height, width] as const };
  const reading = { fillMode: 'reflect', interpolation: 'bilinear', fillValue: 0 } as const;
  const x = { shape: [count, height, width, 3], data: values };

  it('of a rotation by 0.1 turn up to 36 degrees either way', () => {
    const range = [-0.1 * 2 * Math.PI, 0.1 * 2 * Math.PI] as const;
    const wanted = imageTransform(x, rotationMaps(draw, range), reading);
    expectSameBits('rotation', called(randomRotation({ factor: 0.1 }), { training: true }), wanted.data);
  });

  it('of a zoom by 0.2 keep proportions unless the width has a factor of its own', () => {
    const even = imageTransform(x, zoomMaps(draw, [0.8, 1.2], undefined), reading);
    expectSameBits('even', called(randomZoom({ heightFactor: 0.2 }), { training: true }), even.data);
    const uneven = imageTransform(x, zoomMaps(draw, [0.8, 1.2], [1, 1.5]), reading);
    const layer = randomZoom({ heightFactor: 0.2, widthFactor: [0, 0.5] });
    expectSameBits('uneven', called(layer, { training: true }), uneven.data);
  });

  it('of a horizontal flip leave some pictures as they are and mirror the others', () => {
    const flipped = called(randomFlip({ mode: 'horizontal' }), { training: true });
    const size = height * width * 3;
    const mirrored = values.map((_, i) => {
      const c = i % 3;
      const column = Math.floor(i / 3) % width;
      return values[i - (column * 3 + c) + (width - 1 - column) * 3 + c]!;
    });
    const kinds = Array.from({ length: count }, (_, n) => {
      const sample = flipped.slice(n * size, (n + 1) * size);
      const is = (other: Float32Array) => sample.every((value, i) => value === other[n * size + i]);
      return is(values) ? 'kept' : is(mirrored) ? 'mirrored' : 'neither';
    });
    expect(new Set(kinds)).toEqual(new Set(['kept', 'mirrored']));
  });
});

it('rescaling brings bytes into [0, 1], in training and otherwise', () => {
  const scaled = values.map((value) => Math.fround(value * Math.fround(1 / 255)));
  for (const training of [true, false]) {
    expectSameBits('rescaling', called(rescaling({ scale: 1 / 255 }), { training }), scaled);
  }
});

describe('options are refused', () => {
  it.each<[string, () => Layer, string]>([
    [
      'an unknown mode',
      () => randomFlip({ mode: 'sideways' as 'vertical' }),
      "randomFlip: expected mode to be one of 'horizontal', 'vertical', 'horizontal_and_vertical', got 'sideways'",
    ],
    [
      'a negative factor',
      () => randomRotation({ factor: -0.1 }),
      'randomRotation: expected factor to be a number from 0 to 1 or an ascending pair from -1 to 1, got -0.1',
    ],
    [
      'a falling pair',
      () => randomRotation({ factor: [0.2, 0.1] }),
      'randomRotation: expected factor to be a number from 0 to 1 or an ascending pair from -1 to 1, got [0.2, 0.1]',
    ],
    [
      'three factors',
      () => randomZoom({ heightFactor: [0, 0.1, 0.2] as unknown as [number, number] }),
      'randomZoom: expected heightFactor to be a number from 0 to 1 or an ascending pair from -1 to 1, got [0, 0.1, 0.2]',
    ],
    [
      'no factor',
      () => randomZoom({ heightFactor: 0.1, widthFactor: Number.NaN }),
      'randomZoom: expected widthFactor to be a number from 0 to 1 or an ascending pair from -1 to 1, got NaN',
    ],
    [
      'an unknown fill mode',
      () => randomRotation({ factor: 0.1, fillMode: 'mirror' as 'wrap' }),
      "randomRotation: expected fillMode to be one of 'reflect', 'constant', 'wrap', 'nearest', got 'mirror'",
    ],
    [
      'an unknown interpolation',
      () => randomZoom({ heightFactor: 0.1, interpolation: 'cubic' as 'nearest' }),
      "randomZoom: expected interpolation to be one of 'bilinear', 'nearest', got 'cubic'",
    ],
    [
      'a seed that is none',
      () => randomFlip({ seed: -1 }),
      'randomFlip: expected seed to be an integer from 0 to 2^53 - 1, got -1',
    ],
    [
      'an endless scale',
      () => rescaling({ scale: Number.POSITIVE_INFINITY }),
      'rescaling: expected scale to be a finite number, got Infinity',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

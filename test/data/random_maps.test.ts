// The random maps of the augmentation: the contract's bits, sample by sample, and what they do to a picture.

import { describe, expect, it } from 'vitest';
import {
  createRuntime,
  flipMatrices,
  imageTransform,
  type Runtime,
  rotationMatrices,
  type Tensor,
  type TransformDraw,
  tensor,
  toFloat,
  zoomMatrices,
} from '../../lib/index.js';
import { type Draw, flipMaps, rotationMaps, zoomMaps } from '../contract/images.js';
import { expectSameBits } from '../support/bits.js';
import { deterministicTargets, onTarget } from '../support/targets.js';

const draw: Draw = {
  source: { seed: 2n ** 40n + 7n, stream: 3 + 256 * 5, step: 41 },
  count: 33,
  first: 6,
  size: [19, 30],
};
const { source, ...counted } = draw;
const asked: TransformDraw = { ...counted, sequence: { ...source, seed: Number(source.seed) } };

type Maps = [name: string, native: (runtime: Runtime, draw: TransformDraw) => Tensor, contract: Float32Array];

const kinds: Maps[] = [
  ['flips both ways', (r, d) => flipMatrices(r, d, { horizontal: true, vertical: true }), flipMaps(draw, true, true)],
  [
    'flips left-right',
    (r, d) => flipMatrices(r, d, { horizontal: true, vertical: false }),
    flipMaps(draw, true, false),
  ],
  [
    'flips top-bottom',
    (r, d) => flipMatrices(r, d, { horizontal: false, vertical: true }),
    flipMaps(draw, false, true),
  ],
  ['rotations', (r, d) => rotationMatrices(r, d, [-0.6, 2.5]), rotationMaps(draw, [-0.6, 2.5])],
  ['zooms', (r, d) => zoomMatrices(r, d, [0.8, 1.2]), zoomMaps(draw, [0.8, 1.2], undefined)],
  ['uneven zooms', (r, d) => zoomMatrices(r, d, [0.8, 1.2], [0.5, 2]), zoomMaps(draw, [0.8, 1.2], [0.5, 2])],
];

describe.each(kinds)('%s', (_, native, contract) => {
  it('are the contract bit for bit on every deterministic target', () => {
    for (const target of deterministicTargets) {
      onTarget(target, 2, (runtime) => {
        using matrices = native(runtime, asked);
        expectSameBits(target.name, matrices.data(), contract);
      });
    }
  });

  it('of a sample do not depend on the batch it is in', () => {
    using runtime = createRuntime({ threads: 1 });
    using alone = native(runtime, { ...asked, count: 1, first: 6 + 20 });
    expectSameBits('sample 20', alone.data(), contract.subarray(6 * 20, 6 * 21));
  });

  it('are others at the next step', () => {
    using runtime = createRuntime({ threads: 1 });
    using next = native(runtime, { ...asked, sequence: { ...asked.sequence, step: 42 } });
    expect(next.data()).not.toEqual(contract);
  });
});

describe('a picture', () => {
  /** The picture 0, 1, 2 / 3, 4, 5 / 6, 7, 8 through one map. */
  const through = (map: number[], options = {}): number[] => {
    using runtime = createRuntime({ threads: 1 });
    using x = tensor(
      runtime,
      Float32Array.from({ length: 9 }, (_, i) => i),
      [1, 3, 3, 1],
    );
    using matrices = tensor(runtime, map, [1, 6]);
    using y = imageTransform(x, matrices, options);
    return [...y.data()];
  };

  it('is flipped exactly', () => {
    expect(through([-1, 0, 2, 0, 1, 0])).toEqual([2, 1, 0, 5, 4, 3, 8, 7, 6]);
    expect(through([1, 0, 0, 0, -1, 2])).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2]);
  });

  it('is turned about its middle: a quarter turn moves every pixel', () => {
    expect(through([0, -1, 2, 1, 0, 0])).toEqual([2, 5, 8, 1, 4, 7, 0, 3, 6]);
  });

  it('goes on outside as its fill mode says', () => {
    const moved = [1, 0, -2, 0, 1, 0];
    const row = (fillMode: string) => through(moved, { fillMode, fillValue: 9 }).slice(0, 3);
    expect(row('reflect')).toEqual([1, 0, 0]);
    expect(row('constant')).toEqual([9, 9, 0]);
    // TensorFlow's wrap takes whole turns by size - 1, so -2 ends beyond the last position and is limited to it.
    expect(row('wrap')).toEqual([2, 2, 0]);
    expect(row('nearest')).toEqual([0, 0, 0]);
  });

  it('keeps infinities and signed zeros where it falls on pixels, and takes any map without harm', () => {
    using runtime = createRuntime({ threads: 1 });
    const values = Float32Array.of(Number.POSITIVE_INFINITY, -0, Number.NaN, 1);
    using x = tensor(runtime, values, [1, 2, 2, 1]);
    using flip = tensor(runtime, [-1, 0, 1, 0, 1, 0], [1, 6]);
    using y = imageTransform(x, flip);
    expectSameBits('flip', y.data(), [-0, Number.POSITIVE_INFINITY, 1, Number.NaN]);
    for (const wild of [Number.NaN, 1e38, -1e38, Number.POSITIVE_INFINITY]) {
      for (const fillMode of ['reflect', 'constant', 'wrap', 'nearest'] as const) {
        using map = tensor(runtime, [wild, wild, wild, wild, wild, wild], [1, 6]);
        using wildly = imageTransform(x, map, { fillMode });
        expect(wildly.size).toBe(4);
      }
    }
  });

  it('of bytes becomes the same numbers as floats', () => {
    using runtime = createRuntime({ threads: 2 });
    const bytes = Uint8Array.from({ length: 40_007 }, (_, i) => i % 256);
    using x = tensor(runtime, bytes);
    using y = toFloat(x);
    expectSameBits('toFloat', y.data(), Float32Array.from(bytes));
  });
});

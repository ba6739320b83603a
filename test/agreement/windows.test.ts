// Convolution and pooling against tfjs-layers: padding rules with even and odd sizes, strides and dilations.
// tfjs has no groups in conv2d and no gradients for dilated convolutions on its CPU backend; those gradients are judged
// by the float64 reference in test/conformance. So are those of average pooling with 'same' padding: tfjs divides by
// the taps inside going forward but by the whole window going back, which is not the derivative.

import { describe, expect, it } from 'vitest';
import { layers } from '../../lib/index.js';
import { draw, expectAgreement, ours, tfl, theirs } from './both.js';

const kSeed = 501;
const sizes = [
  [6, 6],
  [7, 5],
  [8, 9],
] as const;
const paddings = ['valid', 'same'] as const;

const convolutions = sizes.flatMap((size) =>
  paddings.flatMap((padding) =>
    (
      [
        [3, 1, 1],
        [3, 2, 1],
        [2, 1, 1],
        [2, 3, 1],
        [[3, 2], [2, 1], 1],
        [1, 2, 1],
        [3, 1, 2],
        [2, 1, 2],
      ] as const
    ).map(([kernelSize, strides, dilationRate]) => ({ size, padding, kernelSize, strides, dilationRate })),
  ),
);

describe('conv2d agrees with tfjs', () => {
  it.each(convolutions)('%j', ({ size, padding, kernelSize, strides, dilationRate }) => {
    const x = draw([2, ...size, 3], kSeed);
    const [kh, kw] = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    const weights = [draw([kh, kw, 3, 4], kSeed + 1), draw([4], kSeed + 2)];
    const common = { filters: 4, padding, activation: 'relu' } as const;
    const mutable = <T>(value: number | readonly T[]) => (typeof value === 'number' ? value : [...value]) as number;
    const judge = tfl.layers.conv2d({
      ...common,
      kernelSize: mutable(kernelSize),
      strides: mutable(strides),
      dilationRate,
    });
    const layer = layers.conv2d({ ...common, kernelSize, strides, dilationRate });
    const differentiable = dilationRate === 1;
    expectAgreement(ours(layer, x, weights, kSeed), theirs(judge, x, weights, kSeed, differentiable));
  });
});

const pools = sizes.flatMap((size) =>
  paddings.flatMap((padding) =>
    (
      [
        [2, 2],
        [3, 2],
        [2, 1],
        [3, 1],
        [2, 3],
      ] as const
    ).map(([poolSize, strides]) => ({ size, padding, poolSize, strides })),
  ),
);

describe.each([
  ['maxPooling2d', layers.maxPooling2d, tfl.layers.maxPooling2d],
  ['averagePooling2d', layers.averagePooling2d, tfl.layers.averagePooling2d],
] as const)('%s agrees with tfjs', (name, mine, judged) => {
  it.each(pools)('%j', ({ size, padding, poolSize, strides }) => {
    const x = draw([2, ...size, 3], kSeed + 3);
    const options = { poolSize, strides, padding };
    const differentiable = name === 'maxPooling2d' || padding === 'valid';
    expectAgreement(ours(mine(options), x, [], kSeed), theirs(judged(options), x, [], kSeed, differentiable));
  });
});

it('would notice padding put on the other side', () => {
  const x = draw([1, 6, 6, 2], kSeed);
  const weights = [draw([3, 3, 2, 2], kSeed + 1), draw([2], kSeed + 2)];
  const options = { filters: 2, kernelSize: 3, strides: 2 } as const;
  const wrong = ours(layers.conv2d({ ...options, padding: [1, 0, 1, 0] }), x, weights, kSeed);
  const right = theirs(tfl.layers.conv2d({ ...options, padding: 'same' }), x, weights, kSeed);
  expect(() => expectAgreement(wrong, right)).toThrow();
});

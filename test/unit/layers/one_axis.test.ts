// Layers with windows refuse on each axis by itself, and read the two numbers of a pair as rows and columns.

import { describe, expect, it } from 'vitest';
import { layers } from '../../../lib/index.js';

const { averagePooling2d, conv2d, input, maxPooling2d, separableConv2d } = layers;
type Options = { size: [number, number]; strides?: [number, number]; dilationRate?: [number, number] };
const makers: Record<string, (options: Options) => layers.Layer> = {
  conv2d: ({ size, ...more }) => conv2d({ filters: 2, kernelSize: size, ...more }),
  separableConv2d: ({ size, ...more }) => separableConv2d({ filters: 2, kernelSize: size, ...more }),
  maxPooling2d: ({ size, dilationRate: _none, ...more }) => maxPooling2d({ poolSize: size, ...more }),
  averagePooling2d: ({ size, dilationRate: _none, ...more }) => averagePooling2d({ poolSize: size, ...more }),
};

describe.each(Object.entries(makers))('%s', (_name, make) => {
  const applied = (options: Options) => make(options).apply(input({ shape: [6, 9, 2] })).shape;

  it('refuses a window that is too high, and one that is too wide, and takes one that just fits', () => {
    expect(() => applied({ size: [7, 9] })).toThrow(/expected a padded input of at least \[7, 9\], got \[6, 9\]/);
    expect(() => applied({ size: [6, 10] })).toThrow(/expected a padded input of at least \[6, 10\], got \[6, 9\]/);
    expect(applied({ size: [6, 9], strides: [1, 1] })).toEqual([1, 1, 2]);
  });

  it('reads strides as rows and columns', () => {
    expect(applied({ size: [2, 3], strides: [4, 1] })).toEqual([2, 7, 2]);
    expect(applied({ size: [2, 3], strides: [1, 4] })).toEqual([5, 2, 2]);
  });
});

describe.each(['conv2d', 'separableConv2d'])('%s', (name) => {
  it('reads dilations as rows and columns, and counts them in the size of the window', () => {
    const applied = (dilationRate: [number, number]) =>
      makers[name]!({ size: [3, 3], dilationRate }).apply(input({ shape: [6, 9, 2] })).shape;
    expect(applied([2, 3])).toEqual([2, 3, 2]);
    expect(() => applied([3, 1])).toThrow(/expected a padded input of at least \[7, 3\], got \[6, 9\]/);
    expect(() => applied([1, 5])).toThrow(/expected a padded input of at least \[3, 11\], got \[6, 9\]/);
  });
});

describe('an addition', () => {
  it.each([
    [5, 3, 2],
    [4, 4, 2],
    [4, 3, 3],
  ])('refuses [%i, %i, %i] beside [4, 3, 2], as the second and as the third input', (...shape) => {
    const first = input({ shape: [4, 3, 2] });
    const other = input({ shape });
    const message = `add: expected shapes that broadcast together, got [4, 3, 2] and [${shape.join(', ')}]`;
    expect(() => layers.add().apply([first, other])).toThrow(expect.objectContaining({ message }));
    expect(() => layers.add().apply([first, first, other])).toThrow(expect.objectContaining({ message }));
  });
});

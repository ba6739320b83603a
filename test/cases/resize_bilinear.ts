/** Cases of resize_bilinear: larger, smaller, the same, odd shapes, one row, one channel. */
import { resizeBilinear } from '../../lib/index.js';
import * as images from '../contract/images.js';
import { resizeTaps, sampleBilinear } from '../reference/images.js';
import type { OperationTable } from './case.js';

interface Settings {
  size: readonly [number, number];
}

const sizes: [x: number[], size: [number, number]][] = [
  [
    [2, 6, 8, 3],
    [3, 4],
  ],
  [
    [1, 5, 7, 3],
    [11, 13],
  ],
  [
    [3, 9, 4, 1],
    [9, 4],
  ],
  [
    [1, 1, 9, 5],
    [4, 5],
  ],
  [
    [2, 40, 37, 3],
    [17, 90],
  ],
];

export const table: OperationTable<Settings> = {
  op: 'resize_bilinear',
  run: ([x], { size }) => resizeBilinear(x!, size),
  judge: ([x], { size }) => {
    const [samples, height, width, channels] = x!.shape as [number, number, number, number];
    return sampleBilinear(x!, [samples, ...size, channels], resizeTaps([height, width], size), 0);
  },
  contract: {
    forward: ([x], { size }) => images.resizeBilinear(x!, size),
    gradients: ([x], _, dy) => [images.resizeBilinearGradient(dy, x!.shape)],
  },
  batched: [true],
  differentiable: [true],
  tolerance: 1e-5,
  cases: [
    ...sizes.map(([shape, size]) => ({
      name: `[${shape}] to ${size[0]} x ${size[1]}`,
      inputs: [{ name: 'x', shape }],
      settings: { size },
    })),
    {
      name: 'photograph',
      inputs: [{ name: 'x', shape: [8, 375, 500, 3] }],
      settings: { size: [180, 180] },
      bench: true,
    },
  ],
};

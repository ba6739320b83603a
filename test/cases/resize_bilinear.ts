/** Cases of resize_bilinear: larger, smaller, the same, odd shapes, one row, one channel. */
import { type PictureSize, resizeBilinear, toFloat } from '../../lib/index.js';
import { resizeBytes } from '../../lib/ops/index.js';
import * as images from '../contract/images.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawPicture, named } from '../drawn/shapes.js';
import { resizeProbes } from '../order/probes/pictures.js';
import { resizeTaps, sampleBilinear } from '../reference/images.js';
import { bytes, type Piece } from '../support/pieces.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:3fb1f2210387c27768bef5b25aadb4bccf1eb36cd4cb7edbaba8e927b616a822';

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

const judged = (by: string) => ['test/data/pixels.test.ts', by] as const;
const toFloats = (x: number[], size: PictureSize): Piece => ({
  run: (runtime) => resizeBilinear(bytes(runtime, x), size),
  judged: judged('resizeBilinear'),
});
const toBytes = (x: number[], size: PictureSize): Piece => ({
  run: (runtime) => toFloat(resizeBytes(bytes(runtime, x), size)),
  judged: judged('resizeBytes'),
});

export const beside: Record<string, Piece> = {
  'resize_bilinear.fromBytes [2,13,17,3] to [7,23]': toFloats([2, 13, 17, 3], [7, 23]),
  'resize_bilinear.fromBytes [2,7,5,2] to [3,9]': toFloats([2, 7, 5, 2], [3, 9]),
  'resize_bilinear.bytes [2,7,5,2] to [9,4]': toBytes([2, 7, 5, 2], [9, 4]),
  'resize_bilinear.fromBytes [2,9,6,1] to [4,251]': toFloats([2, 9, 6, 1], [4, 251]),
  'resize_bilinear.bytes [1,9,90,3] to [5,101]': toBytes([1, 9, 90, 3], [5, 101]),
  'resize_bilinear.bytes [2,6,9,1] to [3,17]': toBytes([2, 6, 9, 1], [3, 17]),
  'resize_bilinear.bytes [2,13,17,3] to [19,9]': toBytes([2, 13, 17, 3], [19, 9]),
};

export const probes = resizeProbes;

export const draw = (by: Drawer) =>
  named([{ name: 'x', shape: [...drawPicture(by, by.int(1, 3))] }], { size: [by.int(1, 20), by.int(1, 20)] });

/** Cases of image_transform: each fill mode and interpolation under turns, zooms, flips and far shifts. */
import { type ImageTransformOptions, imageTransform, tensor } from '../../lib/index.js';
import * as images from '../contract/images.js';
import { sampleBilinear, transformTaps } from '../reference/images.js';
import type { OperationTable } from './case.js';

interface Settings extends Required<ImageTransformOptions> {
  /** One map for each sample. */
  matrices: readonly (readonly number[])[];
}

/** A turn by about 29 degrees with a shift, a zoom, a flip, and a map far outside. */
const turn = [0.875, -0.484375, 2.25, 0.484375, 0.875, -1.5];
const zoom = [1.203125, 0, -0.71, 0, 0.796875, 0.93];
const flip = [-1, 0, 8, 0, 1, 0];
const far = [1.5, 0.25, -40.125, -0.375, 1.25, 77.3];

const modes = ['reflect', 'constant', 'wrap', 'nearest'] as const;
const shapes = [
  [4, 7, 9, 3],
  [4, 23, 37, 3],
  [4, 19, 9, 1],
  [4, 1, 9, 5],
];

const packed = ({ matrices }: Pick<Settings, 'matrices'>) => Float32Array.from(matrices.flat());

export const table: OperationTable<Settings> = {
  op: 'image_transform',
  run: ([x], { matrices, ...options }) =>
    imageTransform(x!, tensor(x!.runtime, packed({ matrices }), [matrices.length, 6]), options),
  judge: ([x], settings) => sampleBilinear(x!, x!.shape, transformTaps(x!.shape, settings), settings.fillValue),
  contract: {
    forward: ([x], settings) => images.imageTransform(x!, packed(settings), settings),
    gradients: (_, __, dy, settings) => [images.imageTransformGradient(dy, packed(settings), settings)],
  },
  differentiable: [true],
  tolerance: 1e-5,
  cases: [
    ...modes.flatMap((fillMode) =>
      (['bilinear', 'nearest'] as const).flatMap((interpolation) =>
        shapes.map((shape) => ({
          name: `[${shape}] ${fillMode}, ${interpolation}`,
          inputs: [{ name: 'x', shape }],
          settings: { matrices: [turn, zoom, flip, far], fillMode, interpolation, fillValue: 0.75 },
        })),
      ),
    ),
    {
      name: 'rotation of a batch',
      inputs: [{ name: 'x', shape: [32, 180, 180, 3] }],
      settings: {
        matrices: Array.from({ length: 32 }, () => turn),
        fillMode: 'reflect',
        interpolation: 'bilinear',
        fillValue: 0,
      },
      bench: true,
    },
  ],
};

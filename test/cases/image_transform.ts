/** Cases of image_transform: each fill mode and interpolation under turns, zooms, flips and far shifts. */
import {
  flipMatrices,
  type ImageTransformOptions,
  imageTransform,
  rotationMatrices,
  type TransformDraw,
  tensor,
  zoomMatrices,
} from '../../lib/index.js';
import * as images from '../contract/images.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawPicture, named } from '../drawn/shapes.js';
import { transformProbes } from '../order/probes/pictures.js';
import { sampleBilinear, transformTaps } from '../reference/images.js';
import type { Piece } from '../support/pieces.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:e9e50c2df1f9fe98ee12578f5a5f7eda9262b3f401edc5fd56fa2f1403dfda02';

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

const draws: TransformDraw = {
  sequence: { seed: 2 ** 40 + 7, stream: 3 + 256 * 5, step: 41 },
  count: 33,
  first: 6,
  size: [19, 30],
};
const judged = (by: string) => ['test/data/random_maps.test.ts', by] as const;

export const beside: Record<string, Piece> = {
  'image_transform.flipMatrices': {
    run: (runtime) => flipMatrices(runtime, draws, { horizontal: true, vertical: true }),
    judged: judged('flipMatrices'),
  },
  'image_transform.rotationMatrices': {
    run: (runtime) => rotationMatrices(runtime, draws, [-0.6, 2.5]),
    judged: judged('rotationMatrices'),
  },
  'image_transform.zoomMatrices': {
    run: (runtime) => zoomMatrices(runtime, draws, [0.8, 1.2], [0.5, 2]),
    judged: judged('zoomMatrices'),
  },
  'image_transform.zoomMatrices of one zoom': {
    run: (runtime) => zoomMatrices(runtime, draws, [0.7, 1.2]),
    judged: judged('zoomMatrices'),
  },
};

export const probes = transformProbes;

/** Wide pictures that are hardly sheared: sixteen outputs side by side lie inside, some of them on a pixel exactly. */
function drawShear(draw: Drawer) {
  const shape = [draw.int(1, 2), draw.int(3, 12), draw.int(16, 40), 3];
  const shear = () => [1, 0, draw.int(0, 1), draw.pick([-1, 1]) / 64, 1, draw.int(0, 1)];
  const matrices = [[1, 0, 0, 1 / 64, 1, 0], shear()].slice(0, shape[0]);
  const rest = { fillMode: draw.pick(['reflect', 'constant']), interpolation: 'bilinear', fillValue: 0.75 };
  return named([{ name: 'x', shape }], { matrices, ...rest });
}

export function draw(draw: Drawer) {
  if (draw.once(3)) return drawShear(draw);
  const x = drawPicture(draw, draw.int(1, 3));
  const coefficient = (most: number) => draw.int(-most * 64, most * 64) / 64;
  const matrices = Array.from({ length: x[0] }, () => {
    const turned = draw.once(2);
    const scale = () => draw.pick([1, -1, 0, coefficient(1), coefficient(3)]);
    const shear = () => (turned ? coefficient(1) : 0);
    return [scale(), shear(), coefficient(x[2]), shear(), scale(), coefficient(x[1])];
  });
  return named([{ name: 'x', shape: x }], {
    matrices,
    fillMode: draw.pick(['reflect', 'constant', 'wrap', 'nearest']),
    interpolation: draw.pick(['bilinear', 'nearest']),
    fillValue: 0.75,
  });
}

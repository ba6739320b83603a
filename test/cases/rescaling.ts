/** Cases of rescaling: the two uses of Keras' layer, sizes around the vector width and the task grain. */
import { rescaling, toFloat } from '../../lib/index.js';
import * as images from '../contract/images.js';
import { bytes, type Piece } from '../support/pieces.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:863775ce86f92dedc2fbe14dc525ca97d7cb8eafd62d5c6cb8f485ae42067233';

interface Settings {
  scale: number;
  offset: number;
}

const shapes = [[1], [15], [16], [17], [2, 3, 5, 7], [16_411]];
const uses = [
  { scale: 1 / 255, offset: 0 },
  { scale: 1 / 127.5, offset: -1 },
];

const one = (shape: number[], settings: Settings) => ({
  name: `[${shape}] * ${settings.scale} + ${settings.offset}`,
  inputs: [{ name: 'x', shape }],
  settings,
});

export const table: OperationTable<Settings> = {
  op: 'rescaling',
  run: ([x], settings) => rescaling(x!, settings),
  judge: ([x], { scale, offset }) => ({ shape: x!.shape, data: x!.data.map((value) => value * scale + offset) }),
  contract: {
    forward: ([x], { scale, offset }) => ({ shape: x!.shape, data: images.rescaling(x!.data, scale, offset) }),
    gradients: (_, __, dy, { scale }) => [{ shape: dy.shape, data: images.rescalingGradient(dy.data, scale) }],
  },
  batched: [true],
  differentiable: [true],
  tolerance: 2e-7,
  cases: [
    ...uses.flatMap((settings) => shapes.map((shape) => one(shape, settings))),
    { ...one([32, 180, 180, 3], uses[0]!), bench: true },
  ],
};

const judged = ['test/conformance/kernels_beside.test.ts', 'toFloat'] as const;

export const beside: Record<string, Piece> = {
  'rescaling.fromBytes [7,11,13]': { run: (runtime) => toFloat(bytes(runtime, [7, 11, 13])), judged },
  'rescaling.fromBytes [2,7,9,3] to [-1, 1]': {
    run: (runtime) => rescaling(bytes(runtime, [2, 7, 9, 3]), { scale: 1 / 127.5, offset: -1 }),
    judged,
  },
};

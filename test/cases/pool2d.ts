/** Cases of both poolings: windows with gaps, side by side and overlapping, ties, odd sizes, every padding. */
import { averagePool2d, maxPool2d, type Padding, type Pair, type Tensor } from '../../lib/index.js';
import * as contract from '../contract/pool2d.js';
import { averageProbes, maximumProbes } from '../order/probes/pools.js';
import * as reference from '../reference/pool2d.js';
import type { Pool2dGeometry } from '../support/geometry.js';
import { windowGeometry } from '../support/windows.js';
import {
  type Draw,
  type Floats,
  miniXceptionBlocks,
  type OperationCase,
  type OperationTable,
  type Values,
} from './case.js';

export const golden = 'sha256:251cce585af996c039ea997fd23220a713a418a5acbd1682498f5aabb7d64702';

interface Settings {
  poolSize: readonly [number, number];
  strides: Pair;
  padding: Padding;
  ceilMode?: boolean;
  /** Of max pooling. */
  dilations?: readonly [number, number];
  /** Of average pooling. */
  countPadding?: boolean;
}

function geometry(x: { shape: readonly number[] }, settings: Settings): Pool2dGeometry {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const { poolSize: kernel, countPadding, ...rest } = settings;
  const g = windowGeometry(n, h, w, { kernel, ...rest });
  return { ...g, c, ...(countPadding && { counted: [g.padTop, g.padBottom, g.padLeft, g.padRight] as const }) };
}

const windows: [number[], Settings][] = [
  [[1, 1, 1, 4], { poolSize: [1, 1], strides: 1, padding: 'valid' }],
  [[2, 6, 8, 16], { poolSize: [2, 2], strides: 2, padding: 'valid' }],
  [[2, 7, 9, 17], { poolSize: [2, 2], strides: 2, padding: 'valid' }],
  [[2, 9, 7, 5], { poolSize: [3, 3], strides: 2, padding: 'same' }],
  [[2, 7, 8, 33], { poolSize: [3, 3], strides: 2, padding: 'same' }],
  [[2, 11, 10, 17], { poolSize: [3, 3], strides: 2, padding: 'valid' }],
  [[2, 5, 6, 32], { poolSize: [2, 3], strides: [1, 2], padding: [1, 0, 2, 2] }],
  [[1, 8, 11, 33], { poolSize: [3, 2], strides: [1, 2], padding: 'same' }],
  [[2, 10, 9, 3], { poolSize: [2, 3], strides: [4, 5], padding: [1, 0, 2, 1] }],
  // Windows that end where the input does, with gaps between them: the last ones own no input but their own.
  [[1, 5, 5, 1], { poolSize: [2, 2], strides: 3, padding: 'valid' }],
  [[2, 5, 8, 17], { poolSize: [2, 2], strides: [3, 2], padding: 'valid' }],
  [[2, 37, 5, 2], { poolSize: [5, 3], strides: [2, 1], padding: [3, 4, 0, 2] }],
  [[3, 5, 4, 7], { poolSize: [5, 4], strides: 1, padding: 'valid' }],
  [[1, 18, 17, 3], { poolSize: [16, 16], strides: 1, padding: 'valid' }],
  [[2, 6, 5, 131], { poolSize: [3, 3], strides: 2, padding: 'same' }],
  [[1, 5, 6, 64], { poolSize: [2, 2], strides: 1, padding: 'same' }],
  // Windows that overlap along one axis and leave gaps along the other.
  [[2, 8, 11, 17], { poolSize: [3, 2], strides: [2, 5], padding: 'valid' }],
  [[1, 12, 7, 16], { poolSize: [2, 3], strides: [4, 1], padding: 'same' }],
  // Windows wide or high alone, with as many taps as can be noted and with more.
  [[1, 2, 258, 3], { poolSize: [1, 255], strides: 1, padding: 'valid' }],
  [[1, 259, 2, 3], { poolSize: [257, 1], strides: 2, padding: 'valid' }],
  // Large enough to go past the caches in tests (test/support/test_runtime.ts).
  [[2, 11, 11, 32], { poolSize: [2, 2], strides: 2, padding: 'valid' }],
  [[2, 11, 11, 32], { poolSize: [3, 3], strides: 2, padding: 'same' }],
];

/** A last window that is cut short, or that only begins in the padding and is none. */
const ceiled: [number[], Settings][] = [
  [[2, 6, 7, 5], { poolSize: [3, 2], strides: 2, padding: 'valid', ceilMode: true }],
  [[1, 7, 8, 17], { poolSize: [3, 3], strides: [2, 3], padding: [1, 1, 1, 1], ceilMode: true }],
  [[2, 5, 8, 16], { poolSize: [2, 2], strides: 3, padding: [1, 1, 1, 0], ceilMode: true }],
  [[2, 6, 5, 3], { poolSize: [3, 3], strides: 2, padding: 'same', ceilMode: true }],
];
const counted: [number[], Settings][] = [
  [[2, 7, 8, 33], { poolSize: [3, 3], strides: 2, padding: 'same', countPadding: true }],
  [[2, 5, 6, 16], { poolSize: [2, 3], strides: [1, 2], padding: [1, 0, 2, 1], countPadding: true }],
  [[1, 7, 8, 5], { poolSize: [3, 3], strides: [2, 3], padding: [1, 1, 1, 1], ceilMode: true, countPadding: true }],
  [[2, 6, 6, 4], { poolSize: [4, 4], strides: 4, padding: [2, 1, 0, 2], ceilMode: true, countPadding: true }],
];
const dilated: [number[], Settings][] = [
  [[2, 9, 8, 17], { poolSize: [2, 3], strides: 1, padding: 'valid', dilations: [3, 2] }],
  [[2, 8, 9, 16], { poolSize: [3, 2], strides: [2, 1], padding: 'same', dilations: [2, 1] }],
  [[1, 7, 11, 33], { poolSize: [3, 3], strides: [1, 3], padding: [3, 1, 2, 4], dilations: [2, 3], ceilMode: true }],
  // Windows with a gap that are as wide as those of kernels of their own, side by side and overlapping.
  [[2, 9, 9, 3], { poolSize: [2, 2], strides: 3, padding: 'valid', dilations: [2, 2] }],
  [[2, 9, 11, 5], { poolSize: [2, 2], strides: 2, padding: [1, 1, 1, 1], dilations: [2, 2] }],
  // More places between the first and the last tap than can be noted.
  [[1, 20, 19, 5], { poolSize: [3, 3], strides: 2, padding: [3, 4, 5, 2], dilations: [8, 7] }],
  [[2, 4, 6, 4], { poolSize: [1, 2], strides: 1, padding: 'valid', dilations: [5, 4] }],
];

/** After the ConvNet's first convolution, and mini Xception's at the end of each block. */
const networks: [number[], Settings][] = [
  [[32, 178, 178, 32], { poolSize: [2, 2], strides: 2, padding: 'valid' }],
  ...miniXceptionBlocks.map(({ side, to }): [number[], Settings] => [
    [32, side, side, to],
    { poolSize: [3, 3], strides: 2, padding: 'same' },
  ]),
];

const one = (draw: Draw, [shape, settings]: [number[], Settings]): OperationCase<Settings> => ({
  name: `${draw} [${shape}] ${JSON.stringify(settings)}`,
  inputs: [{ name: 'x', shape, draw }],
  settings,
});

const cases = (draw: Draw, more: readonly [number[], Settings][]): OperationCase<Settings>[] => [
  ...[...windows, ...ceiled, ...more].map((window) => one(draw, window)),
  ...networks.map((window) => ({ ...one(draw, window), bench: true })),
];

interface Judges {
  op: string;
  pool(x: Tensor, settings: Settings): Tensor;
  judge(g: Pool2dGeometry, x: Values): Values;
  judgeGradient(g: Pool2dGeometry, x: Values, dy: Values): Values;
  sumsOfProducts?: boolean;
  contract(g: Pool2dGeometry, x: Float32Array): Float32Array;
  contractGradient(g: Pool2dGeometry, x: Float32Array, dy: Float32Array): Float32Array;
}

const tableOf = (
  judges: Judges,
  draws: readonly Draw[],
  more: readonly [number[], Settings][],
): OperationTable<Settings> => ({
  op: judges.op,
  run: ([x], settings) => judges.pool(x!, settings),
  judge: ([x], settings) => judges.judge(geometry(x!, settings), x!),
  judgeGradients: ([x], dy, settings) => [judges.judgeGradient(geometry(x!, settings), x!, dy)],
  sumsOfProducts: judges.sumsOfProducts ?? false,
  contract: {
    forward: ([x], settings) => {
      const g = geometry(x!, settings);
      return { shape: [g.n, g.oh, g.ow, g.c], data: judges.contract(g, x!.data) };
    },
    gradients: ([x], _y, dy, settings): Floats[] => [
      { shape: x!.shape, data: judges.contractGradient(geometry(x!, settings), x!.data, dy.data) },
    ],
  },
  batched: [true],
  differentiable: [true],
  tolerance: 1e-6,
  cases: draws.flatMap((draw) => cases(draw, more)),
});

const max: Judges = {
  op: 'max_pool2d',
  pool: maxPool2d,
  judge: reference.maxPool2d,
  judgeGradient: reference.maxPool2dGradient,
  contract: contract.maxPool2d,
  contractGradient: contract.maxPool2dGradient,
};

const average: Judges = {
  op: 'average_pool2d',
  pool: averagePool2d,
  judge: reference.averagePool2d,
  judgeGradient: (g, x, dy) => reference.averagePool2dGradient(g, x, dy),
  sumsOfProducts: true,
  contract: contract.averagePool2d,
  contractGradient: (g, _x, dy) => contract.averagePool2dGradient(g, dy),
};

export const tables = [tableOf(max, ['normal', 'ties'], dilated), tableOf(average, ['normal'], counted)];

export const probes = () => [...averageProbes(), ...maximumProbes()];

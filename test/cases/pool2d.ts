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

export const golden = 'sha256:9667bfa97bbce49f03c947466889d72e00b1cc7d49eb646c89bda56a36b292c9';

interface Settings {
  poolSize: readonly [number, number];
  strides: Pair;
  padding: Padding;
}

function geometry(x: { shape: readonly number[] }, { poolSize, strides, padding }: Settings): Pool2dGeometry {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return { ...windowGeometry(n, h, w, { kernel: poolSize, strides, padding }), c };
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

const cases = (draw: Draw): OperationCase<Settings>[] => [
  ...windows.map((window) => one(draw, window)),
  ...networks.map((window) => ({ ...one(draw, window), bench: true })),
];

interface Judges {
  op: string;
  pool(x: Tensor, settings: Settings): Tensor;
  judge(g: Pool2dGeometry, x: Values): Values;
  judgeGradient(g: Pool2dGeometry, x: Values, dy: Values): Values;
  contract(g: Pool2dGeometry, x: Float32Array): Float32Array;
  contractGradient(g: Pool2dGeometry, x: Float32Array, dy: Float32Array): Float32Array;
}

const tableOf = (judges: Judges, draws: readonly Draw[]): OperationTable<Settings> => ({
  op: judges.op,
  run: ([x], settings) => judges.pool(x!, settings),
  judge: ([x], settings) => judges.judge(geometry(x!, settings), x!),
  judgeGradients: ([x], dy, settings) => [judges.judgeGradient(geometry(x!, settings), x!, dy)],
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
  cases: draws.flatMap(cases),
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
  contract: contract.averagePool2d,
  contractGradient: (g, _x, dy) => contract.averagePool2dGradient(g, dy),
};

export const tables = [tableOf(max, ['normal', 'ties']), tableOf(average, ['normal'])];

export const probes = () => [...averageProbes(), ...maximumProbes()];

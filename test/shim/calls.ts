// Work for the shim beside cases and pieces: shapes that take each tile (native/simt/tiles.h) in each of its forms, and the forms of
// kernels that only many samples take. test/determinism/device knows which kernels nothing launched.

import { type Runtime, scope, tensor } from '../../lib/index.js';
import { noActivation } from '../support/fused.js';
import { drawInput, drawInputs } from '../support/inputs.js';
import { loadTables, runCase } from '../support/run_case.js';

const kSeed = 407;
const tables = await loadTables();

type Work = (runtime: Runtime) => void;

const sized =
  (op: string, shapes: readonly number[][], settings: unknown): Work =>
  (runtime) => {
    const table = tables.find((one) => one.op === op && one.cases[0]!.inputs.length === shapes.length)!;
    const inputs = shapes.map((shape, i) => ({ ...table.cases[0]!.inputs[i]!, shape }));
    runCase(runtime, table, settings, drawInputs(inputs, kSeed), kSeed);
  };

/** One kernel by its name, on drawn values; what it writes comes last. */
const called =
  (kernel: string, shapes: readonly (readonly number[] | null)[], settings = {}): Work =>
  (runtime) =>
    scope(() => {
      const written = shapes.findLastIndex((shape) => shape !== null);
      const values = (shape: readonly number[], i: number) =>
        i === written
          ? new Float32Array(shape.reduce((a, b) => a * b, 1))
          : drawInput({ name: 'x', shape }, kSeed, i).data;
      const tensors = shapes.map((shape, i) => (shape === null ? null : tensor(runtime, values(shape, i), shape)));
      runtime.run(
        kernel,
        tensors.map((one) => one?.native() ?? null),
        settings,
      );
    });

type Convolution = readonly [samples: number, side: number, ci: number, co: number, kernel: number];

/** A kernel of conv2d, with padding so that y is as large as x. */
function convolved(kernel: string, [n, side, ci, co, taps]: Convolution): [string, Work] {
  const [x, weight, y] = [
    [n, side, side, ci],
    [taps, taps, ci, co],
    [n, side, side, co],
  ];
  const before = Math.floor((taps - 1) / 2);
  const [padTop, padLeft, padBottom, padRight] = [before, before, taps - 1 - before, taps - 1 - before];
  const pad = { padTop, padLeft, padBottom, padRight };
  const settings = { strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, groups: 1, ...noActivation, ...pad };
  const tensors = {
    forward: [x, weight, [co], y],
    inputGradient: [y, weight, x],
    weightGradient: [x, y, weight, null],
  }[kernel]!;
  const title = `conv2d.${kernel}, ${n} of ${side} x ${side} x ${ci} by ${taps} x ${taps} to ${co}`;
  return [title, called(`conv2d.${kernel}`, tensors as number[][], settings)];
}

/** What takes each tile in each form, of each kernel of conv2d. */
const convolutions: Readonly<Record<string, readonly Convolution[]>> = {
  forward: [
    [560, 8, 4, 100, 2],
    [2, 5, 8, 12, 3],
    [560, 9, 4, 4, 1],
    [130, 9, 4, 36, 3],
    [600, 5, 1, 33, 1],
    [560, 9, 1, 17, 1],
    [40, 9, 1, 1, 1],
  ],
  inputGradient: [
    [560, 8, 100, 4, 2],
    [2, 5, 12, 8, 3],
    [560, 9, 4, 4, 1],
    [130, 9, 36, 4, 3],
    [600, 5, 33, 1, 1],
    [560, 9, 17, 1, 1],
    [40, 9, 1, 1, 1],
  ],
  weightGradient: [
    [300, 1, 100, 100, 1],
    [2, 5, 8, 12, 3],
    [560, 1, 100, 4, 1],
    [40, 2, 64, 36, 2],
    [130, 1, 100, 33, 1],
    [300, 1, 100, 17, 1],
    [7, 2, 128, 1, 2],
  ],
};

/** The same of dense: [samples, inputs, outputs]. */
const products = {
  forward: [
    [6000, 4, 128],
    [3000, 1, 1],
  ],
  inputGradient: [
    [6000, 128, 4],
    [3000, 1, 1],
    [3000, 128, 68],
    [1500, 1, 65],
    [1, 4, 68],
  ],
} as const;

function multiplied(kernel: string, [n, i, o]: readonly [number, number, number]): [string, Work] {
  const title = `dense.${kernel}, ${n} of ${i} to ${o}`;
  if (kernel === 'forward') return [title, called('dense.forward', [[n, i], [i, o], [o], [n, o]], noActivation)];
  const shapes = [
    [n, o],
    [i, o],
    [n, i],
  ];
  return [title, called('dense.inputGradient', shapes, noActivation)];
}

/** [rows, terms, columns] of matmul that take each tile in each form, with operands that are turned round and not. */
const matrices: readonly (readonly [number, number, number])[] = [
  [6000, 4, 128],
  [8, 4, 4],
  [3000, 1, 1],
  [5, 3, 2],
];

function matrixProduct([m, k, n]: (typeof matrices)[number], transposeA: number, transposeB: number): [string, Work] {
  const shapes = [transposeA ? [1, k, m] : [1, m, k], transposeB ? [1, n, k] : [1, k, n], [1, m, n]];
  const title = `matmul.forward, [${shapes[0]}] by [${shapes[1]}], turned round: ${transposeA}, ${transposeB}`;
  return [title, called('matmul.forward', shapes, { transposeA, transposeB })];
}

/** Statistics, output and gradients over these positions and channels. */
const normalized = (shape: number[], relu = true): Work =>
  sized('batch_norm', [shape, [shape.at(-1)!], [shape.at(-1)!]], {
    epsilon: 1e-3,
    activation: relu ? 'relu' : 'linear',
    residual: false,
  });

/** Shapes with more columns than any case, more chunks, and more than two parts of each sum. */
export const large: Readonly<Record<string, Work>> = {
  'conv2d, 70 channels to 70': sized('conv2d', [[1, 9, 16, 70], [2, 2, 70, 70], [70]], { padding: 'same' }),
  'conv2d, 40 channels to 45': sized('conv2d', [[3, 8, 9, 40], [3, 3, 40, 45], [45]], { activation: 'relu' }),
  'dense, 90 to 150': sized('dense', [[5, 90], [90, 150], [150]], {}),
  'max_pool2d, a window of 257': sized('max_pool2d', [[1, 259, 2, 4]], {
    poolSize: [257, 1],
    strides: 2,
    padding: 'valid',
  }),
  ...Object.fromEntries(
    [4, 3].map((channels) => [
      `max_pool2d, a dilated window of 257, ${channels} channels`,
      sized('max_pool2d', [[1, 259, 2, channels]], { poolSize: [129, 1], dilations: 2, strides: 2, padding: 'valid' }),
    ]),
  ),
  'depthwise_conv2d, 512 samples': sized(
    'depthwise_conv2d',
    [
      [512, 3, 3, 128],
      [3, 3, 128, 1],
    ],
    { padding: 'same' },
  ),
  'depthwise_conv2d, runs with a rest': sized(
    'depthwise_conv2d',
    [
      [2, 5, 7, 8],
      [3, 3, 8, 1],
    ],
    {},
  ),
  ...Object.fromEntries(
    Object.entries(convolutions).flatMap(([kernel, all]) => all.map((one) => convolved(kernel, one))),
  ),
  ...Object.fromEntries(Object.entries(products).flatMap(([kernel, all]) => all.map((one) => multiplied(kernel, one)))),
  ...Object.fromEntries(matrices.flatMap((one) => [0, 1].flatMap((a) => [0, 1].map((b) => matrixProduct(one, a, b))))),
};

/** Shapes with longer chains and more items to join than any case: their sums arrive no otherwise than those above. */
export const long: Readonly<Record<string, Work>> = {
  // Long chains: slabs of 1024 and of 256 terms, tails that are no multiple of 4, all columns that such a block may have.
  'dense, 2103 to 1': sized('dense', [[5, 2103], [2103, 1], [1]], {}),
  'dense, 1024 to 4': sized('dense', [[3, 1024], [1024, 4], [4]], { activation: 'relu' }),
  'dense, 257 to 16': sized(
    'dense',
    [
      [2, 257],
      [257, 16],
    ],
    {},
  ),
  'dense, 801 to 7': sized('dense', [[4, 801], [801, 7], [7]], { activation: 'relu' }),
  'dense, 256 to 17': sized('dense', [[2, 256], [256, 17], [17]], {}),
  // Joins of more items than a block takes: of samples, of chunks.
  'dense, 131 samples, 5 to 9': sized('dense', [[131, 5], [5, 9], [9]], {}),
  'batch_norm, 131 samples, 37 channels': normalized([131, 2, 37]),
  'batch_norm, 66 chunks, 33 channels': normalized([1, 16_770, 33]),
  'batch_norm, 3 channels, many rows': normalized([2, 1031, 3], false),
  'batch_norm, 1 sample of 1 chunk, 41 channels': normalized([1, 255, 41]),
  'batch_norm, 2 samples of 2 chunks, 32 channels': normalized([2, 257, 32]),
  'reduce, 20 chunks of one sum': sized('reduce', [[20, 4096]], { kind: 'mean', axes: [0, 1], keepDims: false }),
  'reduce, 66 chunks of 2 sums': sized('reduce', [[66 * 4096 - 7, 2]], { kind: 'sum', axes: [0], keepDims: false }),
  'reduce, axes that lie apart': sized('reduce', [[67, 3, 71, 5]], { kind: 'mean', axes: [0, 2], keepDims: false }),
};

// Work for the shim beside cases and pieces: shapes that fill the largest tiles.

import type { Runtime } from '../../lib/index.js';
import { drawInputs } from '../support/inputs.js';
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

/** Statistics, output and gradients over these positions and channels. */
const normalized = (shape: number[], relu = true): Work =>
  sized('batch_norm', [shape, [shape.at(-1)!], [shape.at(-1)!]], { epsilon: 1e-3, relu, residual: false });

/** Shapes with more columns than any case, more chunks, and more than two parts of each sum. */
export const large: Readonly<Record<string, Work>> = {
  'conv2d, 70 channels to 70': sized('conv2d', [[1, 9, 16, 70], [2, 2, 70, 70], [70]], { padding: 'same' }),
  'conv2d, 40 channels to 45': sized('conv2d', [[3, 8, 9, 40], [3, 3, 40, 45], [45]], { activation: 'relu' }),
  'dense, 90 to 150': sized('dense', [[5, 90], [90, 150], [150]], {}),
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

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

/** Shapes with more columns than any case, more chunks, and more than two parts of each sum. */
export const large: Readonly<Record<string, Work>> = {
  'conv2d, 70 channels to 70': sized('conv2d', [[1, 9, 16, 70], [2, 2, 70, 70], [70]], { padding: 'same' }),
  'conv2d, 40 channels to 45': sized('conv2d', [[3, 8, 9, 40], [3, 3, 40, 45], [45]], { activation: 'relu' }),
  'dense, 90 to 150': sized('dense', [[5, 90], [90, 150], [150]], {}),
};

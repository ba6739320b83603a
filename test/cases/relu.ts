/** Cases of relu: sizes around the vector width and the task grain. */
import { relu } from '../../lib/index.js';
import { unaryJudges } from '../support/unary_table.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:78dc01d1c498dd6a49c58d80a56e991894702fddf6a895545a239a0493bf72be';

const shapes = [[1], [15], [16], [17], [3, 5, 7, 11], [16_411]];

export const table: OperationTable<Record<never, never>> = {
  op: 'relu',
  run: ([x]) => relu(x!),
  ...unaryJudges('relu'),
  batched: [true],
  differentiable: [true],
  tolerance: 0,
  cases: [
    ...shapes.map((shape) => ({ name: `[${shape}]`, inputs: [{ name: 'x', shape }], settings: {} })),
    { name: '[32,89,89,64]', inputs: [{ name: 'x', shape: [32, 89, 89, 64] }], settings: {}, bench: true },
  ],
};

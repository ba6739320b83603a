/** Cases of relu: sizes around the vector width and the task grain. */
import { relu } from '../../lib/index.js';
import type { OperationTable } from './case.js';

const shapes = [[1], [15], [16], [17], [3, 5, 7, 11], [40_009]];

export const table: OperationTable<Record<never, never>> = {
  op: 'relu',
  run: ([x]) => relu(x!),
  judge: ([x]) => ({ shape: x!.shape, data: x!.data.map((value) => (value < 0 ? 0 : value)) }),
  differentiable: [true],
  tolerance: 0,
  cases: shapes.map((shape) => ({ name: `[${shape}]`, inputs: [{ name: 'x', shape }], settings: {} })),
};

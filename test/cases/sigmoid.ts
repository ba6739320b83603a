/** Cases of sigmoid: sizes around the vector width and the task grain. */
import { sigmoid } from '../../lib/index.js';
import { unaryJudges } from '../support/unary_table.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:493bca9be2a9c40204d05860f93d584aad3b1e1bfcd8ee26c80eaf0ce353271c';

const shapes = [[1], [15], [17], [3, 5, 7, 11], [16_411]];

export const table: OperationTable<Record<never, never>> = {
  op: 'sigmoid',
  run: ([x]) => sigmoid(x!),
  ...unaryJudges('sigmoid'),
  batched: [true],
  differentiable: [true],
  tolerance: 1e-6,
  cases: shapes.map((shape) => ({ name: `[${shape}]`, inputs: [{ name: 'x', shape }], settings: {} })),
};

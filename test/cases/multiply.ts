/** Cases of multiply: sizes around the vector width and the task grain. */
import { multiply } from '../../lib/index.js';
import { mul } from '../contract/float32.js';
import type { Floats, OperationTable, Values } from './case.js';

export const golden = 'sha256:ea88b2d1b50cde37e8efbe4f4087d0b254718b47d88e6297b9e12cebb6061a75';

const shapes = [[1], [15], [17], [3, 5, 7, 11], [16_411]];

const product = (a: Values, b: Values): Values => ({ shape: a.shape, data: a.data.map((v, i) => v * b.data[i]!) });
const byContract = (a: Floats, b: Floats): Floats => ({
  shape: a.shape,
  data: a.data.map((value, i) => mul(value, b.data[i]!)),
});

export const table: OperationTable<Record<never, never>> = {
  op: 'multiply',
  run: ([a, b]) => multiply(a!, b!),
  judge: ([a, b]) => product(a!, b!),
  judgeGradients: ([a, b], dy) => [product(dy, b!), product(dy, a!)],
  contract: {
    forward: ([a, b]) => byContract(a!, b!),
    gradients: ([a, b], _y, dy) => [byContract(dy, b!), byContract(dy, a!)],
  },
  batched: [true, true],
  differentiable: [true, true],
  tolerance: 1e-6,
  cases: shapes.map((shape) => ({
    name: `[${shape}]`,
    inputs: [
      { name: 'a', shape },
      { name: 'b', shape },
    ],
    settings: {},
  })),
};

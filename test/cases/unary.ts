/** Cases of exp, log, sqrt and tanh: sizes around the vector width and the task grain. */
import { exp, log, sqrt, tanh } from '../../lib/index.js';
import { unaryJudges } from '../support/unary_table.js';
import type { Draw, OperationTable } from './case.js';

export const golden = 'sha256:fe57e360dabdb16849ec43ce6c6164785dca021a054e5d1c68883cbc65b12501';

const shapes = [[1], [15], [17], [3, 5, 7, 11], [16_411]];
const functions = [
  { name: 'exp', run: exp, draw: 'normal' },
  { name: 'log', run: log, draw: 'positive' },
  { name: 'sqrt', run: sqrt, draw: 'positive' },
  { name: 'tanh', run: tanh, draw: 'normal' },
] as const;

export const tables: OperationTable<Record<never, never>>[] = functions.map(({ name, run, draw }) => ({
  op: 'unary',
  run: ([x]) => run(x!),
  ...unaryJudges(name),
  batched: [true],
  differentiable: [true],
  tolerance: 1e-6,
  cases: shapes.map((shape) => ({
    name: `${name} [${shape}]`,
    inputs: [{ name: 'x', shape, draw: draw satisfies Draw }],
    settings: {},
  })),
}));

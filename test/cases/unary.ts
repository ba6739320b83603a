/** Cases of exp, log, sqrt, tanh, negate, abs and square: sizes around the vector width and the task grain. */
import { abs, exp, log, negate, sqrt, square, tanh } from '../../lib/index.js';
import { unaryJudges } from '../support/unary_table.js';
import type { Draw, OperationTable } from './case.js';

export const golden = 'sha256:4245b0c881013da6b07b4e71d5583ea91f29475cf07e80b37d784978b438083a';

const shapes = [[1], [15], [17], [3, 5, 7, 11], [16_411]];
const functions = [
  { name: 'exp', run: exp, draw: 'normal' },
  { name: 'log', run: log, draw: 'positive' },
  { name: 'sqrt', run: sqrt, draw: 'positive' },
  { name: 'tanh', run: tanh, draw: 'normal' },
  { name: 'negate', run: negate, draw: 'normal' },
  { name: 'abs', run: abs, draw: 'normal' },
  { name: 'square', run: square, draw: 'normal' },
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

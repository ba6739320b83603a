/**
 * Cases of activations that conv2d, dense and batch_norm apply in their own pass, beside relu: tails of tiles and vectors, every way by
 * which a result is stored, and on a device chains of one thread each.
 */
import type { FusedActivation, NormActivation } from '../../lib/index.js';
import type { Drawer } from '../drawn/drawer.js';
import { table as batchNorm } from './batch_norm.js';
import type { OperationTable } from './case.js';
import { tables as conv2d } from './conv2d.js';
import { tables as dense, draw as drawDense } from './dense.js';

export const golden = 'sha256:02b2ddec408a9681f41f87ee6c1f61c48c3a614cac7187f092529867c37676e9';

const told: FusedActivation[] = ['relu6', 'leaky_relu', { maxValue: 0.75, negativeSlope: 0.125 }, { threshold: 0.5 }];
const recomputed: NormActivation[] = [
  ...told,
  { maxValue: 0.75, negativeSlope: 0.125, threshold: 0.25 },
  { threshold: -0.5, negativeSlope: -0.25 },
  'hard_sigmoid',
  'hard_swish',
];
const written = (activation: NormActivation) =>
  typeof activation === 'string' ? activation : `relu ${JSON.stringify(activation)}`;
const named = (shapes: Record<string, number[]>) => Object.entries(shapes).map(([name, shape]) => ({ name, shape }));

const windows = [
  { x: [2, 5, 7, 3], weight: [3, 3, 3, 19], bias: [19] },
  { x: [1, 3, 16, 4], weight: [1, 1, 4, 33], bias: [33] },
];
const products = [
  { x: [13, 29], weight: [29, 37], bias: [37] },
  { x: [3, 257], weight: [257, 4], bias: [4] },
];
const normalised = [
  [5, 3],
  [2, 3, 5, 17],
  [3, 4, 3, 113],
];

export const tables: OperationTable<unknown>[] = [
  {
    ...conv2d[0]!,
    cases: told.flatMap((activation) =>
      windows.map((shapes) => ({
        name: `[${shapes.x}] by [${shapes.weight}], padded, ${written(activation)}`,
        inputs: named(shapes),
        settings: { padding: 'same', activation },
      })),
    ),
  },
  {
    ...dense[0]!,
    cases: told.flatMap((activation) =>
      products.map((shapes) => ({
        name: `[${shapes.x}] by [${shapes.weight}] ${written(activation)}`,
        inputs: named(shapes),
        settings: { activation },
      })),
    ),
  },
  {
    ...batchNorm,
    cases: recomputed.flatMap((activation) =>
      normalised.map((shape) => ({
        name: `[${shape}] with ${written(activation)}`,
        inputs: named({ x: shape, gamma: [shape.at(-1)!], beta: [shape.at(-1)!] }),
        settings: { epsilon: 1e-3, activation },
      })),
    ),
  },
];

/** Of dense; the others have drawn tables of their own. */
export function draw(by: Drawer, _table: OperationTable<unknown>) {
  const { name, inputs } = drawDense(by, dense[0]!);
  return { name: name.replace(/\{.*/, ''), inputs, settings: { activation: by.pick(told) } };
}

/** Cases of sum and mean: whole tensors, the last axis, all but the channels, and axes that do not lie together. */
import { mean, sum } from '../../lib/index.js';
import * as contract from '../contract/reduce.js';
import { type Drawer, until } from '../drawn/drawer.js';
import { drawShape, named } from '../drawn/shapes.js';
import { reduceProbes } from '../order/probes/memory.js';
import * as reference from '../reference/reduce.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:d2c74524158219c94e6f67deb68a92af6e4235d7554382eaf0e13b742daccac5';

interface Settings {
  kind: 'sum' | 'mean';
  axes: readonly number[];
  keepDims?: boolean;
}

/** The lengths of the axes that stay, and 1 for each of the others where these are kept. */
const keptShape = (shape: readonly number[], { axes, keepDims }: Settings): number[] =>
  shape.flatMap((length, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [length]));

const layouts: [readonly number[], readonly number[]][] = [
  [[1], [0]],
  [[17], [0]],
  [[4099], [0]],
  [[3, 8209], [1]],
  [[67, 8209], [1]],
  [
    [5, 7, 11, 19],
    [0, 1, 2],
  ],
  [
    [2, 67, 67, 33],
    [1, 2],
  ],
  [
    [4, 3, 5, 7],
    [0, 2],
  ],
  // Scattered axes of more elements than a chunk.
  [
    [67, 3, 71],
    [0, 2],
  ],
  [
    [4, 3, 5, 7],
    [1, 3],
  ],
];

const one = (kind: Settings['kind'], shape: readonly number[], axes: readonly number[]) => ({
  name: `${kind} of [${shape}] over [${axes}]`,
  inputs: [{ name: 'x', shape }],
  settings: { kind, axes },
});

export const table: OperationTable<Settings> = {
  op: 'reduce',
  run: ([x], { kind, axes, keepDims = false }) => (kind === 'sum' ? sum : mean)(x!, { axes, keepDims }),
  judge: ([x], settings) => {
    const { data } = (settings.kind === 'sum' ? reference.sum : reference.mean)(x!, settings.axes);
    return { shape: keptShape(x!.shape, settings), data };
  },
  judgeGradients: ([x], dy, { kind, axes }) => [
    (kind === 'sum' ? reference.sumGradient : reference.meanGradient)(x!, axes, dy),
  ],
  contract: {
    forward: ([x], settings) => ({
      shape: keptShape(x!.shape, settings),
      data: (settings.kind === 'sum' ? contract.sum : contract.mean)(x!.shape, settings.axes, x!.data),
    }),
    gradients: ([x], _y, dy, { kind, axes }) => {
      const count = kind === 'sum' ? 1 : reference.reducedCount(x!.shape, axes);
      const outputs = reference.outputIndices(x!.shape, axes);
      return [
        { shape: x!.shape, data: Float32Array.from(outputs, (at) => contract.meanGradient(dy.data[at]!, count)) },
      ];
    },
  },
  differentiable: [true],
  tolerance: 2e-6,
  summands: ([x], { kind, axes }) => {
    const sizes = { shape: x!.shape, data: x!.data.map(Math.abs) };
    const { data } = (kind === 'sum' ? reference.sum : reference.mean)(sizes, axes);
    return data.reduce((most, size) => Math.max(most, size), 0);
  },
  cases: [
    ...layouts.flatMap(([shape, axes]) => (['sum', 'mean'] as const).map((kind) => one(kind, shape, axes))),
    // So long that a task takes sixteen chunks: one output, and outputs side by side.
    one('sum', [131, 4007], [0, 1]),
    one('mean', [8, 65_601, 2], [1]),
    { ...one('sum', [32, 89, 89, 64], [0, 1, 2, 3]), bench: true },
    { ...one('mean', [32, 89, 89, 64], [1, 2]), bench: true },
  ],
};

export const probes = reduceProbes;

/** Any axes of any shape; some that lie apart and hold more elements than a chunk of a sum. */
export function draw(draw: Drawer) {
  const kind = draw.pick(['sum', 'mean']);
  const keepDims = draw.once(2);
  if (draw.once(12)) {
    const shape = [draw.int(60, 75), draw.int(1, 3), draw.int(60, 75)];
    return named([{ name: 'x', shape }], { kind, axes: [0, 2], keepDims });
  }
  const shape = draw.once(10) ? [draw.int(1, 3), draw.int(4000, 4200), draw.int(1, 2)] : drawShape(draw);
  const axes = until(
    () => shape.flatMap((_, axis) => (draw.once(2) ? [axis] : [])),
    (list) => list.length > 0,
  );
  return named([{ name: 'x', shape }], { kind, axes, keepDims });
}

/** Cases of sum, mean, max, min and their places: whole tensors, the last axis, all but the channels, and axes that do not lie together. */
import { argmax, argmin, max, mean, min, sum } from '../../lib/index.js';
import * as contract from '../contract/reduce.js';
import { type Drawer, until } from '../drawn/drawer.js';
import { drawShape, named } from '../drawn/shapes.js';
import { reduceProbes } from '../order/probes/memory.js';
import * as reference from '../reference/reduce.js';
import type { Draw, OperationTable } from './case.js';

export const golden = 'sha256:e86cd8a1b237dd40343d3bd8827bce5805ad8c3318f2703c3e66d01bff548ba9';

interface Settings {
  kind: 'sum' | 'mean';
  axes: readonly number[];
  keepDims?: boolean;
}

/** The lengths of the axes that stay, and 1 for each of the others where these are kept. */
const keptShape = (shape: readonly number[], { axes, keepDims }: Pick<Settings, 'axes' | 'keepDims'>): number[] =>
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

const sums: OperationTable<Settings> = {
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
        {
          shape: x!.shape,
          data: new Float32Array(outputs.length).map((_, i) => contract.meanGradient(dy.data[outputs[i]!]!, count)),
        },
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

interface Choice {
  kind: 'max' | 'min';
  axes: readonly number[];
  keepDims?: boolean;
}

const chosen = (kind: Choice['kind'], shape: readonly number[], axes: readonly number[], draw?: Draw) => ({
  name: `${kind} of [${shape}]${draw ? ` ${draw}` : ''} over [${axes}]`,
  inputs: [{ name: 'x', shape, ...(draw && { draw }) }],
  settings: { kind, axes },
});

const extremes: OperationTable<Choice> = {
  op: 'reduce',
  run: ([x], { kind, axes, keepDims = false }) => (kind === 'max' ? max : min)(x!, { axes, keepDims }),
  judge: ([x], settings) => ({
    shape: keptShape(x!.shape, settings),
    data: reference.extreme(x!, settings.axes, settings.kind),
  }),
  judgeGradients: ([x], dy, { kind, axes }) => [reference.extremeGradient(x!, axes, kind, dy)],
  contract: {
    forward: ([x], settings) => ({
      shape: keptShape(x!.shape, settings),
      data: contract.extreme(x!.shape, settings.axes, x!.data, settings.kind).values,
    }),
    gradients: ([x], _y, dy, { kind, axes }) => [
      { shape: x!.shape, data: contract.extremeGradient(x!.shape, axes, x!.data, kind, dy.data) },
    ],
  },
  differentiable: [true],
  tolerance: 1e-6,
  cases: [
    ...layouts.map(([shape, axes], i) => chosen(i % 2 === 0 ? 'max' : 'min', shape, axes)),
    ...layouts.slice(1).map(([shape, axes], i) => chosen(i % 2 === 0 ? 'max' : 'min', shape, axes, 'ties')),
    chosen('min', [8, 65_601, 2], [1], 'ties'),
    chosen('max', [131, 4007], [0, 1]),
    { ...chosen('max', [32, 89, 89, 64], [1, 2]), bench: true },
    { ...chosen('max', [4096, 1000], [1]), bench: true },
  ],
};

const places: OperationTable<Choice> = {
  op: 'reduce',
  run: ([x], { kind, axes, keepDims = false }) =>
    (kind === 'max' ? argmax : argmin)(x!, { ...(axes.length === 1 && { axis: axes[0]! }), keepDims }),
  judge: ([x], settings) => {
    const { places } = contract.extreme(x!.shape, settings.axes, x!.data, settings.kind);
    return { shape: keptShape(x!.shape, settings), data: Float64Array.from(places) };
  },
  contract: {
    forward: ([x], settings) => {
      const { places } = contract.extreme(x!.shape, settings.axes, x!.data, settings.kind);
      return { shape: keptShape(x!.shape, settings), data: places as unknown as Float32Array };
    },
  },
  differentiable: [false],
  tolerance: 1e-6,
  cases: [
    ['max', [17], [0], 'ties'],
    ['min', [5, 4133], [1], 'ties'],
    ['max', [3, 517, 19], [1], 'ties'],
    ['min', [7, 33], [0, 1], undefined],
    ['max', [2, 5, 7, 3], [3], undefined],
  ].map(([kind, shape, axes, draw]) => {
    const one = chosen(kind as 'max', shape as number[], axes as number[], draw as Draw | undefined);
    return { ...one, name: `arg${one.name}` };
  }),
};

export const tables = [sums, extremes, places] as unknown as OperationTable<unknown>[];

export const probes = reduceProbes;

/** Any axes of any shape; some that lie apart and hold more elements than a chunk of a sum. Of places one axis, or all. */
export function draw(draw: Drawer, table: OperationTable<unknown>) {
  const sums = table === tables[0];
  const kind = draw.pick(sums ? ['sum', 'mean'] : ['max', 'min']);
  const values: { draw?: Draw } = sums || draw.once(2) ? {} : { draw: 'ties' };
  const keepDims = draw.once(2);
  const apart = table !== tables[2] && draw.once(12);
  const shape = apart
    ? [draw.int(60, 75), draw.int(1, 3), draw.int(60, 75)]
    : draw.once(10)
      ? [draw.int(1, 3), draw.int(4000, 4200), draw.int(1, 2)]
      : drawShape(draw);
  const all = shape.map((_, axis) => axis);
  const some = () =>
    until(
      () => all.filter(() => draw.once(2)),
      (list) => list.length > 0,
    );
  const axes = apart ? [0, 2] : table !== tables[2] ? some() : draw.once(3) ? all : [draw.pick(all)];
  return named<unknown>([{ name: 'x', shape, ...values }], { kind, axes, keepDims });
}

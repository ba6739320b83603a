// Every other operation on drawn shapes: axes, tails of vectors, chunks of sums, and the settings of the table's own cases.

import type { CaseInput, OperationCase, OperationTable } from '../cases/case.js';
import { loadTables } from '../support/run_case.js';
import { batchNorms } from './batch_norm.js';
import { type Drawer, sizeOf, until } from './drawer.js';
import type { DrawnTable } from './index.js';

const tables = await loadTables();

const nameOf = (inputs: readonly CaseInput[], settings: unknown) =>
  `${inputs.map(({ shape, draw }) => `[${shape}]${draw ? ` ${draw}` : ''}`).join(' and ')} ${JSON.stringify(settings)}`;

const named = <T>(inputs: readonly CaseInput[], settings: T): OperationCase<T> => ({
  name: nameOf(inputs, settings),
  inputs,
  settings,
});

/** Any shape: a few axes, or one axis around a vector, a chunk of a sum or a task's grain. */
function drawShape(draw: Drawer): number[] {
  if (draw.once(12)) return [draw.pick([4096, 16_384]) + draw.int(-17, 17)];
  return until(
    () => Array.from({ length: draw.int(1, 5) }, () => draw.int(1, draw.pick([3, 7, 20, 70]))),
    (shape) => sizeOf(shape) <= 3000,
  );
}

/** Shapes with rows along the last axis, at least two axes. */
function drawRows(draw: Drawer, least: number, most: number): number[] {
  const classes = draw.once(15) ? draw.pick([4095, 4096, 4097, 4113]) : draw.int(least, most);
  const before = until(
    () => Array.from({ length: draw.int(1, 3) }, () => draw.int(1, 9)),
    (shape) => sizeOf(shape) * classes <= 9000,
  );
  return [...before, classes];
}

/** The settings and draws of one of a table's own cases, on inputs that all have this shape. */
function onShape(draw: Drawer, table: OperationTable<unknown>, shape: number[]) {
  const { inputs, settings } = draw.pick(table.cases.filter(({ bench }) => !bench));
  return named(
    inputs.map((input) => ({ ...input, shape })),
    settings,
  );
}

function drawDense(draw: Drawer, table: OperationTable<unknown>) {
  const [n, i, o] = until(
    () => [draw.pick([draw.int(1, 9), draw.int(1, 70)]), draw.channels(), draw.channels()] as const,
    (sizes) => sizeOf(sizes) <= 20_000,
  );
  const inputs = [
    { name: 'x', shape: [n, i] },
    { name: 'weight', shape: [i, o] },
    { name: 'bias', shape: [o] },
  ];
  return named(inputs.slice(0, table.cases[0]!.inputs.length), { activation: draw.pick(['linear', 'relu']) });
}

/** Any axes of any shape; some that lie apart and hold more elements than a chunk of a sum. */
function drawReduce(draw: Drawer) {
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

/** Pictures, some as wide as a block of sixteen and more. */
const drawPicture = (draw: Drawer, n: number) =>
  [n, draw.int(1, 12), draw.once(3) ? draw.int(16, 40) : draw.int(1, 12), draw.pick([1, 2, 3, 3, 5, 16])] as const;

/** Wide pictures that are hardly sheared: sixteen outputs side by side lie inside, some of them on a pixel exactly. */
function drawShear(draw: Drawer) {
  const shape = [draw.int(1, 2), draw.int(3, 12), draw.int(16, 40), 3];
  const shear = () => [1, 0, draw.int(0, 1), draw.pick([-1, 1]) / 64, 1, draw.int(0, 1)];
  const matrices = [[1, 0, 0, 1 / 64, 1, 0], shear()].slice(0, shape[0]);
  const rest = { fillMode: draw.pick(['reflect', 'constant']), interpolation: 'bilinear', fillValue: 0.75 };
  return named([{ name: 'x', shape }], { matrices, ...rest });
}

function drawTransform(draw: Drawer) {
  if (draw.once(3)) return drawShear(draw);
  const x = drawPicture(draw, draw.int(1, 3));
  const coefficient = (most: number) => draw.int(-most * 64, most * 64) / 64;
  const matrices = Array.from({ length: x[0] }, () => {
    const turned = draw.once(2);
    const scale = () => draw.pick([1, -1, 0, coefficient(1), coefficient(3)]);
    const shear = () => (turned ? coefficient(1) : 0);
    return [scale(), shear(), coefficient(x[2]), shear(), scale(), coefficient(x[1])];
  });
  return named([{ name: 'x', shape: x }], {
    matrices,
    fillMode: draw.pick(['reflect', 'constant', 'wrap', 'nearest']),
    interpolation: draw.pick(['bilinear', 'nearest']),
    fillValue: 0.75,
  });
}

/** How a table's cases are drawn; the others take any shape. */
const drawers: Record<string, (draw: Drawer, table: OperationTable<unknown>) => OperationCase<unknown>> = {
  dense: drawDense,
  reduce: drawReduce,
  softmax: (draw, table) => onShape(draw, table, drawRows(draw, 1, 130)),
  binary_crossentropy: (draw, table) => onShape(draw, table, drawRows(draw, 1, 40)),
  // Of two saturated probabilities both may be 0, which have no sum to be divided by.
  categorical_crossentropy: (draw, table) => onShape(draw, table, drawRows(draw, 6, 130)),
  resize_bilinear: (draw) =>
    named([{ name: 'x', shape: [...drawPicture(draw, draw.int(1, 3))] }], { size: [draw.int(1, 20), draw.int(1, 20)] }),
  image_transform: drawTransform,
};

const apart = ['batch_norm', 'conv2d', 'depthwise_conv2d', 'max_pool2d', 'average_pool2d'];

export const others: DrawnTable[] = [
  ...tables
    .filter(({ op }) => !apart.includes(op))
    .map((table) => {
      const drawer = drawers[table.op] ?? ((draw: Drawer) => onShape(draw, table, drawShape(draw)));
      return { table, draw: (draw: Drawer) => drawer(draw, table), share: drawers[table.op] ? 3 : 1 };
    }),
  ...batchNorms,
];

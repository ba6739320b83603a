/** Cases of matmul: tails of every tile, more rows than a task, either operand turned round, batches that broadcast in every way. */
import { matmul } from '../../lib/index.js';
import * as contract from '../contract/matmul.js';
import type { Drawer } from '../drawn/drawer.js';
import { named } from '../drawn/shapes.js';
import { matmulProbes } from '../order/probes/matmul.js';
import * as reference from '../reference/matmul.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:802de00e5c28b59eea3191e484eedf370b99d3f7c6e2ea1511e357a7f5cf6c3d';

type Settings = reference.MatmulSettings;

const sides: Settings[] = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
];

/** Batches of a, batches of b, and [m, k, n]. */
type Sizes = readonly [a: readonly number[], b: readonly number[], matrix: readonly [number, number, number]];

const sizes: Sizes[] = [
  [[], [], [1, 1, 1]],
  [[], [], [7, 33, 19]],
  [[3], [3], [5, 4, 17]],
  [
    [2, 3],
    [2, 3],
    [15, 9, 33],
  ],
  [[4], [], [3, 18, 5]],
  [[], [4], [8, 12, 16]],
  [[2, 1], [3], [4, 7, 6]],
  [
    [3, 1, 2],
    [2, 1],
    [2, 5, 3],
  ],
];
/** More rows than a task has, on every instruction set, and more columns than a panel. */
const large: Sizes[] = [
  [[], [], [235, 13, 70]],
  [[2], [], [33, 65, 40]],
];

const shapesOf = ([a, b, [m, k, n]]: Sizes, { transposeA, transposeB }: Settings) => [
  [...a, ...(transposeA ? [k, m] : [m, k])],
  [...b, ...(transposeB ? [n, k] : [k, n])],
];

const one = (of: Sizes, settings: Settings) => {
  const shapes = shapesOf(of, settings);
  const turned = [settings.transposeA ? ', a turned' : '', settings.transposeB ? ', b turned' : ''].join('');
  return {
    name: `[${shapes[0]}] by [${shapes[1]}]${turned}`,
    inputs: shapes.map((shape, i) => ({ name: 'ab'[i]!, shape })),
    settings,
  };
};

export const table: OperationTable<Settings> = {
  op: 'matmul',
  run: ([a, b], settings) => matmul(a!, b!, settings),
  judge: ([a, b], settings) => reference.matmul(a!, b!, settings),
  judgeGradients: ([a, b], dy, settings) => reference.matmulGradients(a!, b!, dy, settings),
  sumsOfProducts: true,
  contract: {
    forward: ([a, b], settings) => contract.matmul(a!, b!, settings),
    gradients: ([a, b], _y, dy, settings) => contract.matmulGradients(a!, b!, dy, settings),
  },
  differentiable: [true, true],
  tolerance: 3e-6,
  flops: ([a, b], { transposeB }) =>
    2 * a!.shape.reduce((all, length) => all * length, 1) * b!.shape.at(transposeB ? -2 : -1)!,
  cases: [
    ...sizes.flatMap((of) => sides.map((settings) => one(of, settings))),
    ...large.map((of) => one(of, sides[0]!)),
    one(large[0]!, sides[3]!),
  ],
};

export const probes = matmulProbes;

export function draw(by: Drawer) {
  const batch = Array.from({ length: by.int(0, 2) }, () => by.int(1, 3));
  const part = () => batch.map((length) => (by.once(3) ? 1 : length)).slice(by.once(3) ? by.int(0, batch.length) : 0);
  const matrix = [by.int(1, 36), by.int(1, 24), by.int(1, 40)] as const;
  const settings = by.pick(sides);
  const { inputs } = one([part(), part(), matrix], settings);
  return named(inputs, settings);
}

/**
 * Cases of transpose, slice, reverse, pad, broadcastTo and upSampling2d: axes that lie together and apart, rows longer than a task, strides, parts
 * that read nothing.
 */
import { broadcastTo, type PadMode, pad, reverse, slice, transpose, upSampling2d } from '../../lib/index.js';
import { padGradient } from '../contract/pad.js';
import { sum } from '../contract/reduce.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawPicture, drawShape, named } from '../drawn/shapes.js';
import * as moves from '../reference/moves.js';
import type { Floats, OperationCase, OperationTable } from './case.js';

export const golden = 'sha256:909dc7c772395d3e3beb87a749c1c3140001f7b419f54f189fdbbba0147fb15f';

type Widths = readonly (readonly [number, number])[];

/** A table of an operation by the move that it is. `gradient` is the contract's where values are summed. */
function tableOf<S>(
  run: OperationTable<S>['run'],
  move: (from: readonly number[], settings: S) => moves.Move,
  cases: readonly OperationCase<S>[],
  {
    fill = () => 0,
    gradient,
  }: { fill?: (settings: S) => number; gradient?: (x: Floats, dy: Floats, s: S) => Float32Array | undefined } = {},
): OperationTable<S> {
  return {
    op: 'rearrange',
    run,
    judge: ([x], settings) => {
      const by = move(x!.shape, settings);
      return { shape: by.shape, data: moves.moved(x!, by, fill(settings)) };
    },
    judgeGradients: ([x], dy, settings) => [moves.movedBack(x!, dy, move(x!.shape, settings))],
    contract: {
      forward: ([x], settings) => {
        const by = move(x!.shape, settings);
        return { shape: by.shape, data: moves.moved(x!, by, Math.fround(fill(settings))) };
      },
      gradients: ([x], _y, dy, settings) => {
        const back = () => {
          const dx = new Float32Array(x!.data.length);
          move(x!.shape, settings).sources.forEach((source, i) => {
            if (source >= 0) dx[source] = dy.data[i]!;
          });
          return dx;
        };
        return [{ shape: x!.shape, data: gradient?.(x!, dy, settings) ?? back() }];
      },
    },
    differentiable: [true],
    tolerance: 2e-6,
    cases,
  };
}

const one = <S>(name: string, shape: readonly number[], settings: S): OperationCase<S> => ({
  name: `${name} [${shape}] ${JSON.stringify(settings)}`,
  inputs: [{ name: 'x', shape }],
  settings,
});

const transposes = tableOf<{ axes?: readonly number[] }>(
  ([x], settings) => transpose(x!, settings),
  (from, { axes }) => moves.transposed(from, axes ?? from.map((_, axis) => axis).reverse()),
  [
    one('transpose', [1], {}),
    one('transpose', [7, 19], {}),
    one('transpose', [2, 5, 7, 3], { axes: [0, 3, 1, 2] }),
    one('transpose', [2, 3, 5, 7], { axes: [0, 2, 3, 1] }),
    one('transpose', [3, 1, 4, 1, 5], { axes: [1, 0, 4, 3, 2] }),
    one('transpose', [2, 17, 1031], { axes: [1, 0, 2] }),
    one('transpose', [2, 3, 2, 3, 2, 1, 2, 2], { axes: [7, 5, 3, 1, 0, 2, 4, 6] }),
  ],
);

interface Slice {
  start: readonly number[];
  shape: readonly number[];
  strides?: readonly number[];
}

const slices = tableOf<Slice>(
  ([x], settings) => slice(x!, settings),
  (from, { start, shape, strides = from.map(() => 1) }) => moves.sliced(from, { start, shape, strides }),
  [
    one('slice', [9], { start: [2], shape: [5] }),
    one('slice', [16_411], { start: [11], shape: [16_390] }),
    one('slice', [3, 9, 11, 5], { start: [0, 1, 2, 0], shape: [3, 7, 8, 5] }),
    one('slice', [3, 9, 11, 5], { start: [1, 0, 1, 2], shape: [2, 3, 4, 2], strides: [1, 4, 3, 2] }),
    one('slice', [5, 33], { start: [0, 16], shape: [5, 17] }),
    one('slice', [16_411], { start: [3], shape: [5_400], strides: [3] }),
  ],
);

const reverses = tableOf<{ axes?: readonly number[] }>(
  ([x], settings) => reverse(x!, settings),
  (from, { axes }) => moves.reversed(from, axes ?? from.map((_, axis) => axis)),
  [
    one('reverse', [17], {}),
    one('reverse', [2, 5, 7, 3], { axes: [2] }),
    one('reverse', [2, 5, 7, 3], { axes: [0, 3] }),
    one('reverse', [3, 16_411], { axes: [1] }),
  ],
);

interface Pad {
  padWidth: Widths;
  mode?: PadMode;
  constantValues?: number;
}

const pads = tableOf<Pad>(
  ([x], settings) => pad(x!, settings),
  (from, { padWidth, mode = 'constant' }) => moves.padded(from, padWidth, mode),
  [
    one('pad', [7], { padWidth: [[2, 3]] }),
    one('pad', [2, 5, 7, 3], {
      padWidth: [
        [0, 0],
        [1, 1],
        [2, 0],
        [0, 0],
      ],
    }),
    one('pad', [2, 3, 17], {
      padWidth: [
        [1, 0],
        [0, 2],
        [3, 30],
      ],
      constantValues: -0.375,
    }),
    one('pad', [2, 16_390], {
      padWidth: [
        [0, 0],
        [5, 16_400],
      ],
      constantValues: 2,
    }),
    ...(['edge', 'reflect'] as const).flatMap((mode) => [
      one<Pad>('pad', [7], { padWidth: [[2, 3]], mode }),
      one<Pad>('pad', [2, 5, 7, 3], {
        padWidth: [
          [0, 0],
          [4, 3],
          [0, 6],
          [0, 0],
        ],
        mode,
      }),
      one<Pad>('pad', [3, 19], {
        padWidth: [
          [2, 2],
          [17, 18],
        ],
        mode,
      }),
    ]),
  ],
  {
    fill: ({ constantValues = 0 }) => constantValues,
    gradient: (_x, dy, { padWidth, mode = 'constant' }) =>
      mode === 'constant' ? undefined : padGradient(dy, padWidth, mode),
  },
);

const broadcasts = tableOf<{ shape: readonly number[] }>(
  ([x], { shape }) => broadcastTo(x!, shape),
  (from, { shape }) => moves.broadcast(from, shape),
  [
    one('broadcast', [], { shape: [17] }),
    one('broadcast', [1], { shape: [3, 5] }),
    one('broadcast', [37], { shape: [5, 7, 37] }),
    one('broadcast', [5, 1, 3], { shape: [2, 5, 7, 3] }),
    one('broadcast', [2, 1, 1, 19], { shape: [2, 9, 11, 19] }),
    one('broadcast', [4, 6, 1], { shape: [4, 6, 33] }),
    one('broadcast', [3, 5], { shape: [3, 5] }),
  ],
  {
    gradient: (x, dy, { shape }) => {
      const lengths = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
      const axes = lengths.flatMap((length, axis) => (length === shape[axis] ? [] : [axis]));
      return axes.length === 0 ? dy.data : sum(dy.shape, axes, dy.data);
    },
  },
);

const upSamplings = tableOf<{ size: number | readonly [number, number] }>(
  ([x], { size }) => upSampling2d(x!, { size }),
  (from, { size }) => moves.enlarged(from, size),
  [
    one('upsampling', [1, 1, 1, 1], { size: 1 }),
    one('upsampling', [2, 5, 7, 3], { size: 2 }),
    one('upsampling', [3, 4, 5, 19], { size: [3, 1] as const }),
    // More repetitions of a value than a lane of a sum takes, and than a chunk.
    one('upsampling', [1, 2, 1, 2], { size: [65, 67] as const }),
  ],
  {
    gradient: (x, dy, { size }) => {
      const [rows, columns] = typeof size === 'number' ? [size, size] : size;
      const [n, h, w, c] = x.shape as [number, number, number, number];
      return sum([n, h, rows, w, columns, c], [2, 4], dy.data);
    },
  },
);

export const tables = [
  transposes,
  slices,
  reverses,
  pads,
  broadcasts,
  upSamplings,
] as unknown as OperationTable<unknown>[];

/** Any axes of any shape; pictures to enlarge. */
export function draw(draw: Drawer, table: OperationTable<unknown>) {
  if (table === tables.at(-1)) {
    const size = [draw.int(1, 4), draw.int(1, 4)];
    return named<unknown>([{ name: 'x', shape: [...drawPicture(draw, draw.int(1, 3))] }], { size });
  }
  const shape = drawShape(draw);
  const inputs = [{ name: 'x', shape }];
  const axes = shape.map((_, axis) => axis);
  const settings = [
    () => ({ axes: axes.toSorted(() => (draw.once(2) ? 1 : -1)) }),
    () => {
      const start = shape.map((length) => draw.int(0, length - 1));
      const strides = shape.map(() => draw.pick([1, 1, 2, 3]));
      const most = (axis: number) => Math.floor((shape[axis]! - 1 - start[axis]!) / strides[axis]!) + 1;
      return { start, strides, shape: axes.map((axis) => draw.int(1, most(axis))) };
    },
    () => ({ axes: axes.filter(() => draw.once(2)) }),
    () => {
      const mode = draw.pick(['constant', 'edge', 'reflect']);
      const width = (length: number) => draw.int(0, mode === 'reflect' ? Math.min(3, length - 1) : 3);
      return { padWidth: shape.map((length) => [width(length), width(length)]), mode, constantValues: 0.5 };
    },
    () => ({ shape: [...(draw.once(3) ? [draw.int(1, 4)] : []), ...shape].slice(-8) }),
  ][tables.indexOf(table)]!();
  return named<unknown>(inputs, settings);
}

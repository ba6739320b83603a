/** Cases of concatenate: every axis, one input and many, rows longer than a task, more inputs than a kernel takes. */
import { concatenate } from '../../lib/index.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawShape, named } from '../drawn/shapes.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:81c2802b48a10e246c986fe94bcb14e6a2b8ea4bdfcaf48f0cde46b97c30ed53';

interface Settings {
  axis?: number;
}

interface Part<A> {
  shape: readonly number[];
  data: A;
}
type Numbers = Float32Array | Float64Array;

/** Numbers of the kind of `of`. */
const like = <A extends Numbers>(of: A, values: number[]): A =>
  (of.constructor as unknown as { from(values: number[]): A }).from(values);

const placeOf = ({ axis = -1 }: Settings, rank: number) => (axis < 0 ? axis + rank : axis);
const widthOf = (shape: readonly number[], axis: number) => shape.slice(axis).reduce((a, b) => a * b, 1);

/** Row by row, the rows of all parts one behind the other. */
function joined<A extends Numbers>(parts: readonly Part<A>[], settings: Settings): Part<A> {
  const [first] = parts as [Part<A>];
  const axis = placeOf(settings, first.shape.length);
  const widths = parts.map(({ shape }) => widthOf(shape, axis));
  const rows = first.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const values = Array.from({ length: rows }, (_, row) =>
    parts.flatMap(({ data }, i) => [...data.subarray(row * widths[i]!, (row + 1) * widths[i]!)]),
  ).flat();
  const length = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return {
    shape: first.shape.with(axis, length),
    data: like(first.data, values),
  };
}

/** The part of dy that each input is. */
function parted<A extends Numbers>(inputs: readonly Part<Numbers>[], dy: Part<A>, settings: Settings): Part<A>[] {
  const axis = placeOf(settings, dy.shape.length);
  const whole = widthOf(dy.shape, axis);
  let begin = 0;
  return inputs.map(({ shape, data }) => {
    const width = widthOf(shape, axis);
    const from = begin;
    begin += width;
    const values = Array.from(
      { length: data.length },
      (_, i) => dy.data[Math.floor(i / width) * whole + from + (i % width)]!,
    );
    return { shape, data: like(dy.data, values) };
  });
}

const one = (shapes: number[][], settings: Settings) => ({
  name: `${shapes.map((shape) => `[${shape}]`).join(' ')} ${JSON.stringify(settings)}`,
  inputs: shapes.map((shape, i) => ({ name: `x${i}`, shape })),
  settings,
});

const cases = [
  one([[17]], {}),
  one(
    [
      [3, 5],
      [3, 1],
      [3, 16],
    ],
    {},
  ),
  one(
    [
      [2, 5, 7, 3],
      [2, 5, 7, 19],
    ],
    { axis: -1 },
  ),
  one(
    [
      [2, 3, 5],
      [4, 3, 5],
      [1, 3, 5],
    ],
    { axis: 0 },
  ),
  one(
    [
      [2, 3, 5],
      [2, 1, 5],
    ],
    { axis: 1 },
  ),
  one([[16_411], [23]], { axis: 0 }),
  one(
    Array.from({ length: 25 }, (_, i) => [3, 1 + (i % 3), 2]),
    { axis: 1 },
  ),
  {
    ...one(
      [
        [32, 89, 89, 32],
        [32, 89, 89, 32],
      ],
      {},
    ),
    bench: true,
  },
];

/** One for each number of inputs. */
export const tables: OperationTable<Settings>[] = [1, 2, 3, 25].map((count) => ({
  op: 'concatenate',
  run: (inputs, settings) => concatenate(inputs, settings),
  judge: (inputs, settings) => joined(inputs, settings),
  judgeGradients: (inputs, dy, settings) => parted(inputs, dy, settings),
  contract: {
    forward: (inputs, settings) => joined(inputs, settings),
    gradients: (inputs, _y, dy, settings) => parted(inputs, dy, settings),
  },
  differentiable: Array(count).fill(true),
  tolerance: 0,
  cases: cases.filter(({ inputs }) => inputs.length === count),
}));

/** Inputs that differ along one axis. */
export function draw(draw: Drawer, table: OperationTable<unknown>) {
  const shape = drawShape(draw);
  const axis = draw.int(0, shape.length - 1);
  const inputs = table.differentiable.map((_, i) => ({
    name: `x${i}`,
    shape: shape.with(axis, draw.int(1, 5)),
  }));
  return named(inputs, { axis: draw.once(2) ? axis : axis - shape.length });
}

/** Cases of gather: every axis, lists and tensors of places, places named many times and never, rows longer than a task. */
import { gather, tensor } from '../../lib/index.js';
import { add } from '../contract/float32.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawShape } from '../drawn/shapes.js';
import { gatherProbes } from '../order/probes/gather.js';
import type { OperationCase, OperationTable } from './case.js';

export const golden = 'sha256:4452b040f5ff9f7ff7ac3cb093b9ffe737badcbe77a76afe9474e99898e611f9';

interface Settings {
  axis?: number;
  indices: readonly number[];
  /** The shape of an int32 tensor of them; without it they are a list. */
  shape?: readonly number[];
}

type Numbers = Float32Array | Float64Array;
interface Of<A> {
  shape: readonly number[];
  data: A;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** How x lies: rows of places of values. */
function sizesOf(x: readonly number[], { axis = 0 }: Settings) {
  const along = axis < 0 ? axis + x.length : axis;
  return { along, rows: product(x.slice(0, along)), length: x[along]!, width: product(x.slice(along + 1)) };
}

/** For every value of y, in order, where it lies in x. */
function sources(x: readonly number[], settings: Settings): number[] {
  const { rows, length, width } = sizesOf(x, settings);
  return Array.from({ length: rows }, (_, row) =>
    settings.indices.map((place) => Array.from({ length: width }, (_, i) => (row * length + place) * width + i)),
  ).flat(2);
}

function taken<A extends Numbers>(x: Of<A>, settings: Settings): Of<A> {
  const { along } = sizesOf(x.shape, settings);
  const places = settings.shape ?? [settings.indices.length];
  const shape = [...x.shape.slice(0, along), ...places, ...x.shape.slice(along + 1)];
  const make = x.data.constructor as unknown as { from(values: number[]): A };
  return { shape, data: make.from(sources(x.shape, settings).map((at) => x.data[at]!)) };
}

/** dx from every value of dy, in the order of dy, by an addition of doubles or of floats. */
function given<A extends Numbers>(
  x: Of<Numbers>,
  dy: Of<A>,
  settings: Settings,
  plus: (a: number, b: number) => number,
) {
  const data = new (dy.data.constructor as new (length: number) => A)(x.data.length);
  for (const [i, at] of sources(x.shape, settings).entries()) data[at] = plus(data[at]!, dy.data[i]!);
  return { shape: x.shape, data };
}

const one = (shape: readonly number[], settings: Settings, what = ''): OperationCase<Settings> => {
  const { indices, axis = 0 } = settings;
  const list = settings.shape ? `a tensor [${settings.shape}]` : `${indices.length} places`;
  const name = `${list} of [${shape}] along ${axis}${what}`;
  return { name, inputs: [{ name: 'x', shape }], settings };
};

/** So many places of an axis, in no order. */
const mixed = (count: number, length: number) => Array.from({ length: count }, (_, i) => (i * i + 3 * i + 2) % length);

export const table: OperationTable<Settings> = {
  op: 'gather',
  run: ([x], { indices, shape, axis }) =>
    gather(
      x!,
      shape ? tensor(x!.runtime, Int32Array.from(indices), shape) : indices,
      axis === undefined ? {} : { axis },
    ),
  judge: ([x], settings) => taken(x!, settings),
  judgeGradients: ([x], dy, settings) => [given(x!, dy, settings, (a, b) => a + b)],
  sumsOfProducts: true,
  contract: {
    forward: ([x], settings) => taken(x!, settings),
    gradients: ([x], _y, dy, settings) => [given(x!, dy, settings, add)],
  },
  differentiable: [true],
  tolerance: 2e-6,
  cases: [
    one([5], { indices: [2, 0, 2] }),
    one([7, 19], { indices: mixed(12, 7) }),
    one([3, 5, 33], { indices: mixed(9, 5), axis: 1 }),
    one([2, 3, 5, 17], { indices: mixed(23, 17), axis: -1 }),
    one([4, 5], { indices: [3, 1, 0, 1, 1, 2], shape: [2, 3] }),
    one([6, 4, 3], { indices: [3], shape: [], axis: -2 }),
    one([4, 7], { indices: Array(75).fill(1) }, ', one of them alone'),
    one([2, 3, 16_411], { indices: [2, 0, 2, 2], axis: 1 }),
    one([131, 16], { indices: mixed(600, 131), shape: [20, 30] }),
    { ...one([10_000, 64], { indices: mixed(4096, 10_000) }), bench: true },
  ],
};

export const probes = gatherProbes;

export function draw(by: Drawer): OperationCase<Settings> {
  const x = drawShape(by);
  const axis = by.int(0, x.length - 1);
  const shape = x.length < 6 && by.once(2) ? [by.int(1, 4), by.int(1, 9)] : undefined;
  const count = shape ? product(shape) : by.int(1, 40);
  const indices = Array.from({ length: count }, () => by.int(0, x[axis]! - 1));
  const drawn = one(x, { indices, axis: by.once(2) ? axis : axis - x.length, ...(shape && { shape }) });
  return { ...drawn, name: `${drawn.name}: ${indices}` };
}

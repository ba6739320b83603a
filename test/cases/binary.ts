/** Cases of the functions of two tensors: equal shapes, scalars, channels, samples, axes that are repeated on either side. */
import { add, divide, maximum, minimum, multiply, pow, subtract, type Tensor } from '../../lib/index.js';
import * as float32 from '../contract/float32.js';
import { pow as contractPow, powBaseGradient, powExponentGradient } from '../contract/pow.js';
import { sum } from '../contract/reduce.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawShape, named } from '../drawn/shapes.js';
import { broadcast, moved, movedBack } from '../reference/moves.js';
import type { CaseInput, Draw, Floats, OperationTable, Values } from './case.js';

export const golden = 'sha256:8d68b39c10ec820f018249bfdc53149016716bab5d2ed5714656efebdc4f6204';

/** A function of two numbers and its slopes; `contract` says what a and b get of dy, step by step. */
interface Binary {
  run(a: Tensor, b: Tensor): Tensor;
  value(a: number, b: number): number;
  slopes(a: number, b: number): [number, number];
  contract: {
    value(a: number, b: number): number;
    gradients(dy: number, a: number, b: number): [number, number];
  };
  draws?: [Draw, Draw];
}

const { div, mul, sub } = float32;
const largerIsB = (a: number, b: number) => !(b <= a) && !Number.isNaN(a);
const smallerIsB = (a: number, b: number) => !(b >= a) && !Number.isNaN(a);

/** maximum or minimum, by where the result is b. */
const choice = (run: Binary['run'], second: (a: number, b: number) => boolean): Binary => ({
  run,
  value: (a, b) => (second(a, b) ? b : a),
  slopes: (a, b) => (second(a, b) ? [0, 1] : [1, 0]),
  contract: {
    value: (a, b) => (second(a, b) ? b : a),
    gradients: (dy, a, b) => (second(a, b) ? [0, dy] : [dy, 0]),
  },
});

const functions: Record<string, Binary> = {
  add: {
    run: add,
    value: (a, b) => a + b,
    slopes: () => [1, 1],
    contract: { value: float32.add, gradients: (dy) => [dy, dy] },
  },
  subtract: {
    run: subtract,
    value: (a, b) => a - b,
    slopes: () => [1, -1],
    contract: { value: sub, gradients: (dy) => [dy, -dy] },
  },
  multiply: {
    run: multiply,
    value: (a, b) => a * b,
    slopes: (a, b) => [b, a],
    contract: { value: mul, gradients: (dy, a, b) => [mul(dy, b), mul(dy, a)] },
  },
  divide: {
    run: divide,
    value: (a, b) => a / b,
    slopes: (a, b) => [1 / b, -a / b / b],
    contract: { value: div, gradients: (dy, a, b) => [div(dy, b), mul(dy, div(div(-a, b), b))] },
    draws: ['normal', 'positive'],
  },
  pow: {
    run: pow,
    value: (a, b) => a ** b,
    slopes: (a, b) => [b * a ** (b - 1), a ** b * Math.log(a)],
    contract: {
      value: contractPow,
      gradients: (dz, a, b) => [powBaseGradient(a, b, dz), powExponentGradient(a, b, dz)],
    },
    draws: ['positive', 'uniform'],
  },
  maximum: choice(maximum, largerIsB),
  minimum: choice(minimum, smallerIsB),
};

type Shape = readonly number[];

/** The shape of the result: axis by axis from the last, the length that is not 1. */
const shapeOf = (a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length);
  const at = (shape: Shape, axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
};

const zip = (shape: Shape, f: (i: number) => number): Values => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((x, y) => x * y, 1) }, (_, i) => f(i)),
});

/** What was repeated, summed by rule 4. */
const summed = (x: Floats, dx: Floats): Floats => {
  const axes = dx.shape.flatMap((length, axis) =>
    (x.shape[axis - dx.shape.length + x.shape.length] ?? 1) === length ? [] : [axis],
  );
  return { shape: x.shape, data: axes.length === 0 ? dx.data : sum(dx.shape, axes, dx.data) };
};

/** The gradients, as sums of what `part` makes of their terms. */
const slopesOf = (of: Binary, [a, b]: readonly Values[], dy: Values, part: (term: number) => number): Values[] => {
  const [left, right] = [a!, b!].map((x) => moved(x, broadcast(x.shape, dy.shape)));
  return [a!, b!].map((x, k) => {
    const terms = zip(dy.shape, (i) => part(dy.data[i]! * of.slopes(left![i]!, right![i]!)[k]!));
    return movedBack(x, terms, broadcast(x.shape, dy.shape));
  });
};

const shapes: [Shape, Shape][] = [
  [[15], [15]],
  [[17], []],
  [[3, 5, 7, 11], [11]],
  [[5], [3, 7, 1]],
  [
    [2, 1, 9, 1],
    [1, 7, 1, 19],
  ],
  [
    [4, 1, 1, 33],
    [4, 3, 5, 33],
  ],
  [[16_411], [1]],
  [
    [2, 3, 1],
    [2, 3, 40],
  ],
  [
    [3, 5, 7],
    [3, 5, 7],
  ],
];

/** Equal values, where a choice has to be made. */
const tied: [Shape, Shape][] = [
  [[5, 17], [17]],
  [
    [3, 1],
    [3, 40],
  ],
];

/** An activation of a network, with another one and with a value for each channel. */
const large: [Shape, Shape][] = [
  [
    [32, 89, 89, 64],
    [32, 89, 89, 64],
  ],
  [[32, 89, 89, 64], [64]],
];

const caseOf = (name: string, shapes: [Shape, Shape], draws: [Draw, Draw]) => ({
  name: `${name} [${shapes[0]}] and [${shapes[1]}]`,
  inputs: shapes.map((shape, i) => ({ name: 'ab'[i]!, shape, draw: draws[i]! }) satisfies CaseInput),
  settings: {},
});

const tableOf = (name: string, of: Binary): OperationTable<Record<never, never>> => ({
  op: 'binary',
  run: ([a, b]) => of.run(a!, b!),
  judge: ([a, b]) => {
    const shape = shapeOf(a!.shape, b!.shape);
    const [left, right] = [a!, b!].map((x) => moved(x, broadcast(x.shape, shape)));
    return zip(shape, (i) => of.value(left![i]!, right![i]!));
  },
  judgeGradients: (inputs, dy) => slopesOf(of, inputs, dy, (part) => part),
  gradientSummands: (inputs, dy) =>
    slopesOf(of, inputs, dy, Math.abs).map(({ data }) => data.reduce((most, size) => Math.max(most, size), 0)),
  contract: {
    forward: ([a, b]) => {
      const shape = shapeOf(a!.shape, b!.shape);
      const [left, right] = [a!, b!].map((x) => moved(x, broadcast(x.shape, shape)));
      return { shape, data: left!.map((value, i) => of.contract.value(value, right![i]!)) };
    },
    gradients: ([a, b], _y, dy) => {
      const [left, right] = [a!, b!].map((x) => moved(x, broadcast(x.shape, dy.shape)));
      return [a!, b!].map((x, k) =>
        summed(x, {
          shape: dy.shape,
          data: dy.data.map((value, i) => of.contract.gradients(value, left![i]!, right![i]!)[k]!),
        }),
      );
    },
  },
  differentiable: [true, true],
  tolerance: 3e-6,
  cases: [
    ...shapes.map((pair) => caseOf(name, pair, of.draws ?? ['normal', 'normal'])),
    ...tied.map((pair) => caseOf(`${name} of ties`, pair, ['ties', 'ties'])).slice(0, name.endsWith('imum') ? 2 : 0),
    ...large.map((pair) => ({ ...caseOf(name, pair, of.draws ?? ['normal', 'normal']), bench: true })),
  ],
});

export const tables = Object.entries(functions).map(([name, of]) => tableOf(name, of));

/** Any shape, and another one that broadcasts with it. */
export function draw(draw: Drawer, table: OperationTable<unknown>) {
  const shape = drawShape(draw);
  const other = shape.map((length) => (draw.once(3) ? 1 : length)).slice(draw.once(3) ? draw.int(0, shape.length) : 0);
  const both = draw.once(2) ? [shape, other] : [other, shape];
  const { inputs } = table.cases[0]!;
  return named(
    inputs.map((input, i) => ({ ...input, shape: both[i]! })),
    {},
  );
}

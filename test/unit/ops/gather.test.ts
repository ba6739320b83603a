// gather and oneHot: what they take, what they refuse, and the ends: no place, no value, a place named by all.

import { afterAll, describe, expect, it } from 'vitest';
import {
  categoricalCrossentropy,
  createRuntime,
  gather,
  gradients,
  losses,
  oneHot,
  type Tensor,
  tensor,
  zeros,
} from '../../../lib/index.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

const x = tensor(runtime, [1, 2, 3, 4, 5, 6], [3, 2]);
const ints = (values: number[], shape = [values.length]) => tensor(runtime, Int32Array.from(values), shape);
const slope = (f: () => Tensor, dy: Tensor, by = x) => {
  const [dx] = gradients(() => ({ loss: f() }), [by], dy).gradients;
  return [...dx!.data()];
};

describe('gather', () => {
  it('takes places along the first axis, in their order', () => {
    const y = gather(x, [2, 0, 2]);
    expect([y.shape, [...y.data()]]).toEqual([
      [3, 2],
      [5, 6, 1, 2, 5, 6],
    ]);
  });

  it('counts negative places from the end, with their gradients', () => {
    expect([...gather(x, [-1, 0, -3]).data()]).toEqual([5, 6, 1, 2, 1, 2]);
    const dy = tensor(runtime, [1, 2, 3, 4, 5, 6], [3, 2]);
    expect(slope(() => gather(x, ints([-1, 0, -3])), dy)).toEqual([8, 10, 0, 0, 1, 2]);
  });

  it.each([
    ['a typed array', Uint8Array.of(1, 0)],
    ['doubles that are whole', Float64Array.of(1, 0)],
    ['an int32 tensor', ints([1, 0])],
  ])('takes %s', (_what, indices) => {
    expect([...gather(x, indices, { axis: -1 }).data()]).toEqual([2, 1, 4, 3, 6, 5]);
  });

  it('has the shape of a tensor of indices in the place of the axis, none of a scalar', () => {
    expect(gather(zeros(runtime, [4, 5, 6]), ints([0, 4, 1, 1, 0, 2], [2, 3]), { axis: 1 }).shape).toEqual([
      4, 2, 3, 6,
    ]);
    expect(gather(x, ints([1], [])).shape).toEqual([2]);
  });

  it('adds the gradients of a place in the order of the list, and gives +0 to a place that is not named', () => {
    const dy = tensor(runtime, [2 ** 24, -0, 1, -0, -(2 ** 24), -0], [3, 2]);
    expect(slope(() => gather(x, [1, 1, 1]), dy)).toEqual([0, 0, 0, 0, 0, 0]);
    const other = tensor(runtime, [2 ** 24, -0, -(2 ** 24), -0, 1, -0], [3, 2]);
    expect(slope(() => gather(x, [1, 1, 1]), other)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it('goes back by the indices that it read, whatever is written into their tensor then', () => {
    const indices = ints([0, 2]);
    const dy = tensor(runtime, [1, 2, 3, 4], [2, 2]);
    const forward = () => {
      const y = gather(x, indices);
      indices.write(Int32Array.of(1, 1));
      return y;
    };
    expect(slope(forward, dy)).toEqual([1, 2, 0, 0, 3, 4]);
  });

  it('takes no place, and has a gradient of zeros then', () => {
    expect(gather(x, []).shape).toEqual([0, 2]);
    expect(slope(() => gather(x, []), zeros(runtime, [0, 2]))).toEqual([0, 0, 0, 0, 0, 0]);
    const none = zeros(runtime, [2, 0]);
    expect(gather(none, [1, 1, 0]).shape).toEqual([3, 0]);
    expect(slope(() => gather(none, [], { axis: 1 }), zeros(runtime, [2, 0]), none)).toEqual([]);
  });

  const cases: [string, () => unknown, string][] = [
    [
      'a place behind the last',
      () => gather(x, [0, 3, 9]),
      'gather: expected indices[1] to be an integer from -3 to 2, got 3',
    ],
    [
      'a place before the first',
      () => gather(x, ints([0, -4])),
      'gather: expected indices[1] to be an integer from -3 to 2, got -4',
    ],
    [
      'a place in a tensor',
      () => gather(x, ints([0, 1, 1, 0, 1, 2], [2, 3]), { axis: 1 }),
      'gather: expected indices[1][2] to be an integer from -2 to 1, got 2',
    ],
    ['half a place', () => gather(x, [0.5]), 'gather: expected indices[0] to be an integer from -3 to 2, got 0.5'],
    [
      'no number',
      () => gather(x, ['1'] as never),
      "gather: expected indices[0] to be an integer from -3 to 2, got '1'",
    ],
    [
      'a place where there is none',
      () => gather(zeros(runtime, [0, 2]), [0]),
      'gather: expected no indices along an axis of length 0, got 1',
    ],
    [
      'one number',
      () => gather(x, 1 as never),
      'gather: expected indices to be a list, a typed array or an int32 tensor, got 1',
    ],
    ['places of floats', () => gather(x, x), 'gather: expected indices of int32, got float32'],
    ['integers', () => gather(ints([1]), [0]), 'gather: expected x of float32, got int32'],
    [
      'an axis that is not there',
      () => gather(x, [0], { axis: 2 }),
      'gather: expected axis to be an integer from -2 to 1, got 2',
    ],
    ['a scalar', () => gather(zeros(runtime, []), [0]), 'gather: expected x with axes, got a scalar'],
  ];
  it.each(cases)('refuses %s', (_what, run, message) => {
    expect(run).toThrow(expect.objectContaining({ message }));
  });

  it('refuses indices of another runtime', () => {
    using other = createRuntime({ threads: 1 });
    expect(() => gather(x, tensor(other, Int32Array.of(0)))).toThrow(/^gather: expected all tensors of one runtime/);
  });
});

describe('the kernels of gather', () => {
  const f32 = (...shape: number[]) => zeros(runtime, shape).native();
  const settings = { rows: 1, width: 2 };
  const forward = (index: Tensor, y: Tensor, s = settings) =>
    runtime.run('gather.forward', [x.native(), index.native(), y.native()], s);

  it('stay inside of x, whatever the places', () => {
    const y = zeros(runtime, [3, 2]);
    forward(ints([-7, 99, 1]), y);
    expect([...y.data()]).toEqual([1, 2, 5, 6, 3, 4]);
    const lists = [ints([0, 5]), ints([-3, 8]), ints([-1, 1, 9, 1])];
    const [dy, dx] = [tensor(runtime, [1, 2, 3, 4], [2, 2]), zeros(runtime, [3, 2])];
    runtime.run(
      'gather.inputGradient',
      [dy, ...lists, dx].map((one) => one.native()),
      settings,
    );
    expect([...dx.data()]).toEqual([1, 2, 3, 4, 0, 0]);
  });

  it('refuse sizes that do not fit', () => {
    expect(() => forward(ints([0]), zeros(runtime, [2, 2]))).toThrow(
      'gather: expected 1 rows of 1 places of 2 values, got 4 values',
    );
    expect(() => forward(ints([0]), zeros(runtime, [2]), { rows: 4, width: 1 })).toThrow(
      'gather: expected x in 4 rows of places of 1 values, got 6 values',
    );
    const lists = [ints([0]), ints([0]), ints([0, 1])].map((one) => one.native());
    expect(() => runtime.run('gather.inputGradient', [f32(1, 2), ...lists, f32(3, 2)], settings)).toThrow(
      'gather: expected order of 1 and starts of 4 places, got 1 and 2',
    );
  });
});

describe('oneHot', () => {
  it('has a 1 at each class', () => {
    const y = oneHot(ints([2, 0, 1, 2], [2, 2]), { classes: 3 });
    expect([y.dtype, y.shape, [...y.data()]]).toEqual(['float32', [2, 2, 3], [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]]);
    expect(oneHot(ints([]), { classes: 4 }).shape).toEqual([0, 4]);
  });

  it('makes the targets that sparseCategoricalCrossentropy means', () => {
    const labels = [2, 0, 1];
    const logits = tensor(runtime, [0.5, -1, 2, 0.25, 3, -0.5, 1, 0, -2], [3, 3]);
    const rows = categoricalCrossentropy(logits, oneHot(ints(labels), { classes: 3 }), { fromLogits: true });
    const sparse = losses.sparseCategoricalCrossentropy({ fromLogits: true });
    expect(rows.item()).toBe(sparse.compute(logits, tensor(runtime, labels)).item());
  });

  const cases: [string, () => unknown, string][] = [
    [
      'a label that is no class',
      () => oneHot(ints([0, 3, 1, 4], [2, 2]), { classes: 3 }),
      'oneHot: expected labels[0][1] to be an integer from 0 to 2, got 3',
    ],
    [
      'a negative label',
      () => oneHot(ints([-1]), { classes: 3 }),
      'oneHot: expected labels[0] to be an integer from 0 to 2, got -1',
    ],
    ['no class', () => oneHot(ints([0]), { classes: 0 }), 'oneHot: expected classes to be an integer >= 1, got 0'],
    ['labels of floats', () => oneHot(x, { classes: 9 }), 'oneHot: expected labels of int32, got float32'],
  ];
  it.each(cases)('refuses %s', (_what, run, message) => {
    expect(run).toThrow(expect.objectContaining({ message }));
  });
});

it('oneHot of more classes than memory holds is one clear error', () => {
  expect(() => oneHot(ints([0]), { classes: 2 ** 45 })).toThrow(
    /^tensor: expected a tensor that fits into the .* of memory/,
  );
});

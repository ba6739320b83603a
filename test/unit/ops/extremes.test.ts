// max, min and their places: ties, zeros of both signs, NaN, shapes, and what is refused.

import { afterAll, describe, expect, it } from 'vitest';
import { argmax, argmin, createRuntime, gradients, max, min, type Tensor, tensor, zeros } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const of = (values: number[], shape = [values.length]) => tensor(runtime, values, shape);
const slope = (f: (x: Tensor) => Tensor, x: Tensor, dy: number[]) => {
  const upstream = of(dy, [...f(x).shape]);
  return [...gradients(() => ({ loss: f(x) }), [x], upstream).gradients[0]!.data()];
};

describe('max and min', () => {
  it('keep the bits of the first of equal zeros', () => {
    expect(max(of([-1, -0, 0, -0])).data()).toEqual(Float32Array.of(-0));
    expect(min(of([1, 0, -0])).data()).toEqual(Float32Array.of(0));
  });

  it('are NaN where one value is', () => {
    expect([...max(of([1, Number.NaN, 3, 4], [2, 2]), { axes: [1] }).data()]).toEqual([Number.NaN, 4]);
    expect(min(of([1, Number.NaN])).data()[0]).toBeNaN();
  });

  it('keep reduced axes when asked to', () => {
    const x = zeros(runtime, [2, 3, 4]);
    expect(max(x, { axes: [0, -1], keepDims: true }).shape).toEqual([1, 3, 1]);
    expect(min(x, { axes: [1] }).shape).toEqual([2, 4]);
  });

  it('share the gradient among ties, NaNs too', () => {
    expect(slope((x) => max(x, { axes: [1] }), of([3, 1, 3, 2, 5, 4], [2, 3]), [8, 1])).toEqual([4, 0, 4, 0, 1, 0]);
    expect(slope((x) => min(x), of([Number.NaN, 1, Number.NaN]), [3])).toEqual([1.5, 0, 1.5]);
    expect(slope((x) => max(x), of([-0, 0, -1]), [1])).toEqual([0.5, 0.5, 0]);
  });
});

describe('argmax and argmin', () => {
  it('are the first of equals, as int32', () => {
    const x = of([1, 5, 5, 0, 0, 2], [2, 3]);
    const [most, least] = [argmax(x, { axis: -1 }), argmin(x, { axis: 1, keepDims: true })];
    expect([most.dtype, most.shape, [...most.data()]]).toEqual(['int32', [2], [1, 2]]);
    expect([least.shape, [...least.data()]]).toEqual([
      [2, 1],
      [0, 0],
    ]);
    expect([...argmax(x, { axis: 0 }).data()]).toEqual([0, 0, 0]);
  });

  it('are the first NaN where there is one', () => {
    const x = of([1, Number.NaN, 9, Number.NaN]);
    expect([argmax(x).data()[0], argmin(x).data()[0]]).toEqual([1, 1]);
  });

  it('count all elements as one row without an axis', () => {
    const x = of([1, 2, 9, 4], [2, 2]);
    expect([argmax(x).shape, argmax(x).data()[0], argmin(x, { keepDims: true }).shape]).toEqual([[], 2, [1, 1]]);
  });
});

describe('refusals', () => {
  const x = zeros(runtime, [2, 3]);
  const cases: [string, () => unknown, string][] = [
    ['an axis twice', () => max(x, { axes: [1, -1] }), 'max: expected different axes from -2 to 1, got [1, -1]'],
    [
      'an axis that is not there',
      () => argmax(x, { axis: 2 }),
      'argmax: expected axis to be an integer from -2 to 1, got 2',
    ],
    ['nothing to choose from', () => min(zeros(runtime, [2, 0])), 'min: expected a value along axes, got [2, 0]'],
    [
      'nothing along the axis',
      () => argmin(zeros(runtime, [2, 0]), { axis: 1 }),
      'argmin: expected a value along axes, got [2, 0]',
    ],
    ['bytes', () => max(tensor(runtime, new Uint8Array(2), [2])), 'max: expected x of float32, got uint8'],
    [
      'a flag that is none',
      () => argmax(x, { keepDims: 1 as never }),
      'argmax: expected keepDims to be true or false, got 1',
    ],
  ];
  it.each(cases)('%s', (_what, run, message) => {
    expect(run).toThrow(expect.objectContaining({ message }));
  });

  it('takes no value along other axes', () => {
    expect(max(zeros(runtime, [0, 3]), { axes: [1] }).shape).toEqual([0]);
  });
});

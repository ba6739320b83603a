// sum and mean over every set of axes of small drawn tensors: values, shapes with and without keepDims, the gradient, and
// axes that are refused.

import { afterAll, describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import { createRuntime, gradients, mean, scope, sum, tensor } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const shape = [2, 3, 4];
const size = 24;
// Small integers: sums are exact in any order.
const x = tensor(
  runtime,
  Float32Array.from({ length: size }, (_, i) => ((i * 7) % 11) - 5),
  shape,
);
const subsets = Array.from({ length: 8 }, (_, mask) => [0, 1, 2].filter((axis) => (mask >> axis) & 1));
const place = (i: number) => [Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4];

/** The sum over some axes, element by element, and how many values fall into one. */
function judged(axes: readonly number[]) {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const out = new Array<number>(kept.reduce((a, b) => a * b, 1)).fill(0);
  const at = (i: number) =>
    place(i).reduce((all, where, axis) => (kept[axis] === 1 ? all : all * kept[axis]! + where), 0);
  x.data().forEach((value, i) => {
    out[at(i)]! += value;
  });
  return { kept, out, at, count: size / out.length };
}

describe.each(subsets.map((axes) => ({ axes })))('over the axes $axes', ({ axes }) => {
  const { kept, out, at, count } = judged(axes);

  it('gives the sum and the mean, with lengths of 1 where keepDims says so', () => {
    scope(() => {
      for (const written of [axes, axes.map((axis) => axis - 3), [...axes].reverse()]) {
        const total = sum(x, { axes: written });
        expect(total.shape).toEqual(shape.filter((_, axis) => !axes.includes(axis)));
        expect([...total.data()]).toEqual(out);
        const means = mean(x, { axes: written, keepDims: true });
        expect(means.shape).toEqual(kept);
        expect([...means.data()]).toEqual(out.map((value) => Math.fround(value / count)));
      }
    });
  });

  it('hands each value the gradient of the place it went to', () => {
    const dy = Float32Array.from({ length: out.length }, (_, i) => 3 + i);
    scope(() => {
      for (const [operation, divisor] of [
        [sum, 1],
        [mean, count],
      ] as const) {
        const shapeOf = shape.filter((_, axis) => !axes.includes(axis));
        const found = gradients(() => ({ loss: operation(x, { axes }) }), [x], tensor(runtime, dy, shapeOf));
        const want = Float32Array.from({ length: size }, (_, i) => dy[at(i)]! / divisor);
        const got = found.gradients[0]!.data();
        got.forEach((value, i) => {
          expect(value).toBeCloseTo(want[i]!, 6);
        });
      }
    });
  });
});

it('goes over all axes when none are named', () => {
  const whole = judged([0, 1, 2]);
  expect([sum(x).shape, sum(x).item()]).toEqual([[], whole.out[0]]);
  expect(mean(x, { keepDims: true }).shape).toEqual([1, 1, 1]);
});

it.each([[[0, 0]], [[1, -2]], [[3]], [[-4]], [[0.5]], [[2, 1, 2]]])('refuses the axes %j', (axes) => {
  for (const [who, operation] of Object.entries({ sum, mean })) {
    const message = `${who}: expected different axes from -3 to 2, got ${show(axes)}`;
    expect(() => operation(x, { axes })).toThrow(expect.objectContaining({ message }));
  }
});

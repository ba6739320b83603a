// dense with axes between samples and features is a convolution with a 1 x 1 window over them, in every bit.

import { afterAll, describe, expect, it } from 'vitest';
import { conv2d, createRuntime, dense, gradients, scope, type Tensor, tensor } from '../../../lib/index.js';
import { expectSameBits } from '../../support/bits.js';
import { drawInput } from '../../support/inputs.js';

const kSeed = 31;
const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());
const draw = (shape: readonly number[], stream: number) => drawInput({ name: 'x', shape }, kSeed, stream);

/** The output and the gradients of x, weight and bias. */
function answer(call: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor, shapes: readonly (readonly number[])[]) {
  return scope(() => {
    const given = shapes.map((shape, i) => tensor(runtime, draw(shape, i).data, shape));
    const [x, weight, bias] = given as [Tensor, Tensor, Tensor];
    const y = call(x, weight, bias);
    const dy = tensor(runtime, draw([y.size], 9).data, y.shape);
    const found = gradients(() => ({ loss: call(x, weight, bias) }), given, dy).gradients;
    const all = [y, ...found].map((one) => one!.data());
    for (const gradient of found) gradient!.dispose();
    return { shape: y.shape, all };
  });
}

describe(`dense on more than two axes, seed ${kSeed}`, () => {
  it.each([
    [[2, 5, 4], 3, 'linear'],
    [[3, 7, 11, 5], 17, 'relu'],
    [[2, 300, 3], 2, 'linear'],
    [[1, 1, 1, 1, 6], 1, 'relu'],
  ] as const)('of %j to %d, %s', (shape, units, activation) => {
    const n = shape[0];
    const i = shape.at(-1)!;
    const rows = shape.slice(1, -1).reduce<number>((a, b) => a * b, 1);
    const mine = answer((x, weight, bias) => dense(x, weight, { bias, activation }), [shape, [i, units], [units]]);
    const theirs = answer(
      (x, weight, bias) => conv2d(x, weight, { bias, activation }),
      [[n, rows, 1, i], [1, 1, i, units], [units]],
    );
    expect(mine.shape).toEqual([...shape.slice(0, -1), units]);
    ['y', 'dx', 'dweight', 'dbias'].forEach((name, k) => {
      expectSameBits(name, mine.all[k]!, theirs.all[k]!);
    });
  });
});

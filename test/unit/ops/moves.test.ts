// What the operations that move values and those of two tensors refuse, and their corners: nothing to move, one tensor twice.

import { afterAll, describe, expect, it } from 'vitest';
import {
  add,
  broadcastTo,
  clip,
  concatenate,
  conv2dTranspose,
  createRuntime,
  gradients,
  leakyRelu,
  maximum,
  minimum,
  multiply,
  ones,
  pad,
  relu,
  reverse,
  slice,
  subtract,
  type Tensor,
  tensor,
  transpose,
  upSampling2d,
  zeros,
} from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const of = (...shape: number[]) => zeros(runtime, shape);
const x = tensor(runtime, [1, 2, 3, 4, 5, 6], [2, 3]);

describe('refusals', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'axes not each once',
      () => transpose(of(2, 3), { axes: [0, 0] }),
      'transpose: expected axes to be 0 to 1, each once, got [0, 0]',
    ],
    [
      'too few starts',
      () => slice(of(2, 3), { start: [0], shape: [1, 1] }),
      'slice: expected start to be 2 integers >= 0, got [0]',
    ],
    [
      'a stride of 0',
      () => slice(of(4), { start: [0], shape: [2], strides: [0] }),
      'slice: expected strides to be 1 integers >= 1, got [0]',
    ],
    [
      'a part outside',
      () => slice(of(4, 3), { start: [1, 0], shape: [4, 3] }),
      'slice: expected a part inside [4, 3], got [4, 3] from [1, 0] on',
    ],
    [
      'a strided part outside',
      () => slice(of(4), { start: [1], shape: [2], strides: [3] }),
      'slice: expected a part inside [4], got [2] from [1] on, [3] apart',
    ],
    [
      'an axis that is not there',
      () => reverse(of(2), { axes: [1] }),
      'reverse: expected different axes from -1 to 0, got [1]',
    ],
    [
      'widths of another rank',
      () => pad(of(2, 3), { padWidth: [[1, 1]] }),
      'pad: expected padWidth to be 2 pairs of integers >= 0 [before, behind], got [[1, 1]]',
    ],
    [
      'a mirror longer than the axis',
      () => pad(of(3), { padWidth: [[0, 3]], mode: 'reflect' }),
      "pad: expected axis 0 longer than 3 to pad it by 'reflect', got [3]",
    ],
    [
      'an unknown mode',
      () => pad(of(3), { padWidth: [[0, 3]], mode: 'wrap' as never }),
      "pad: expected mode to be one of 'constant', 'edge', 'reflect', got 'wrap'",
    ],
    [
      'a length that would change',
      () => broadcastTo(of(2, 3), [2, 4]),
      'broadcastTo: expected a shape that [2, 3] broadcasts to, got [2, 4]',
    ],
    [
      'fewer axes',
      () => broadcastTo(of(1, 3), [3]),
      'broadcastTo: expected a shape that [1, 3] broadcasts to, got [3]',
    ],
    ['no tensors', () => concatenate([]), 'concatenate: expected a list of one tensor or more, got none'],
    [
      'tensors that differ beside the axis',
      () => concatenate([of(2, 3), of(3, 3)], { axis: 1 }),
      'concatenate: expected tensor 1 [2, *], got [3, 3]',
    ],
    ['a scalar', () => concatenate([of()]), 'concatenate: expected x with axes, got a scalar'],
    [
      'an axis beyond the last',
      () => concatenate([of(2)], { axis: 1 }),
      'concatenate: expected axis to be an integer from -1 to 0, got 1',
    ],
    ...([add, multiply, subtract] as const).map((operation): [string, () => unknown, string] => [
      `shapes that ${operation.name} cannot broadcast`,
      () => operation(of(2, 3), of(2)),
      `${operation.name}: expected shapes that broadcast together, got [2, 3] and [2]`,
    ]),
    ['limits turned round', () => clip(of(2), { low: 1, high: 0 }), 'clip: expected low <= high, got 1 and 0'],
    [
      'a limit that is none',
      () => clip(of(2), { low: Number.NaN, high: 0 }),
      'clip: expected low to be a number, got NaN',
    ],
    [
      'a slope that is none',
      () => leakyRelu(of(2), { negativeSlope: Number.POSITIVE_INFINITY }),
      'leakyRelu: expected negativeSlope to be a finite number, got Infinity',
    ],
    [
      'a ceiling below the threshold',
      () => relu(of(2), { maxValue: -1 }),
      'relu: expected maxValue to be null or >= threshold (0), got -1',
    ],
    [
      'a weight of other channels',
      () => conv2dTranspose(of(1, 2, 2, 3), of(2, 2, 5, 4)),
      'conv2d_transpose: expected weight [*, *, *, 3] (input has 3 channels), got [2, 2, 5, 4]',
    ],
    [
      'padding by numbers',
      () => conv2dTranspose(of(1, 2, 2, 3), of(2, 2, 5, 3), { padding: [1, 1, 1, 1] as never }),
      "conv2d_transpose: expected padding to be 'valid' or 'same', got [1, 1, 1, 1]",
    ],
    [
      'a size of 0',
      () => upSampling2d(of(1, 2, 2, 3), { size: 0 }),
      'upSampling2d: expected size to be one or two integers >= 1, got 0',
    ],
  ];
  it.each(cases)('%s', (_what, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});

describe('corners', () => {
  const list = (of: Tensor) => [...of.data()];

  it('nothing is moved', () => {
    expect(slice(x, { start: [0, 1], shape: [2, 0] }).shape).toEqual([2, 0]);
    expect(
      list(
        pad(of(0, 2), {
          padWidth: [
            [1, 1],
            [0, 1],
          ],
          constantValues: 7,
        }),
      ),
    ).toEqual([7, 7, 7, 7, 7, 7]);
    expect(broadcastTo(of(0, 1), [3, 0, 2]).shape).toEqual([3, 0, 2]);
    expect(transpose(of(0, 3)).shape).toEqual([3, 0]);
    expect(upSampling2d(of(0, 2, 2, 1)).shape).toEqual([0, 4, 4, 1]);
    expect(list(concatenate([of(0, 3), x], { axis: 0 }))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('a part that is empty has a gradient of zeros', () => {
    const loss = () => ({ loss: slice(x, { start: [0, 1], shape: [2, 0] }) });
    const [dx] = gradients(loss, [x], of(2, 0)).gradients;
    expect(list(dx!)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('one tensor on both sides gets both gradients', () => {
    const [dx] = gradients(() => ({ loss: subtract(x, x) }), [x], ones(runtime, [2, 3])).gradients;
    expect(list(dx!)).toEqual([0, 0, 0, 0, 0, 0]);
    const joined = gradients(() => ({ loss: concatenate([x, x]) }), [x], ones(runtime, [2, 6])).gradients[0]!;
    expect(list(joined)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('mirrors do not repeat the edge, edges do', () => {
    expect(
      list(
        pad(x, {
          padWidth: [
            [0, 0],
            [1, 1],
          ],
          mode: 'reflect',
        }),
      ),
    ).toEqual([2, 1, 2, 3, 2, 5, 4, 5, 6, 5]);
    expect(
      list(
        pad(x, {
          padWidth: [
            [1, 0],
            [0, 1],
          ],
          mode: 'edge',
        }),
      ),
    ).toEqual([1, 2, 3, 3, 1, 2, 3, 3, 4, 5, 6, 6]);
  });

  it('NaN of either side wins, and a tie gives the gradient to the first', () => {
    const a = tensor(runtime, [Number.NaN, 1, 2, 3]);
    const b = tensor(runtime, [1, Number.NaN, 2, 4]);
    expect(list(maximum(a, b))).toEqual([Number.NaN, Number.NaN, 2, 4]);
    expect(list(minimum(a, b))).toEqual([Number.NaN, Number.NaN, 2, 3]);
    const [da, db] = gradients(() => ({ loss: maximum(a, b) }), [a, b], ones(runtime, [4])).gradients;
    expect([list(da!), list(db!)]).toEqual([
      [1, 0, 1, 0],
      [0, 1, 0, 1],
    ]);
  });
});

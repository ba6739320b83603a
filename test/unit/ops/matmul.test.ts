// What matmul refuses, word for word, and that one matrix for all batches is not copied.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, matmul, scope, tensor, zeros } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const a = zeros(runtime, [2, 3, 4]);

describe('matmul', () => {
  it.each([
    [
      'rows of another length',
      () => matmul(a, zeros(runtime, [3, 5])),
      'matmul: expected b [..., 4, *] (the rows of a have 4 values), got [3, 5]',
    ],
    [
      'turned rows of another length',
      () => matmul(a, zeros(runtime, [4, 5]), { transposeB: true }),
      'matmul: expected b [..., *, 4] (the rows of a have 4 values), got [4, 5]',
    ],
    [
      'a vector',
      () => matmul(a, zeros(runtime, [4])),
      'matmul: expected b with two axes or more, none of length 0, got [4]',
    ],
    [
      'nothing',
      () => matmul(zeros(runtime, [0, 4]), a),
      'matmul: expected a with two axes or more, none of length 0, got [0, 4]',
    ],
    [
      'batches that do not broadcast together',
      () => matmul(a, zeros(runtime, [3, 4, 5])),
      'matmul: expected shapes that broadcast together, got [2] and [3]',
    ],
    [
      'a flag that is a number',
      () => matmul(a, a, { transposeA: 1 as never }),
      'matmul: expected transposeA to be true or false, got 1',
    ],
  ])('refuses %s', (_what, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });

  it('has the bits of dense, whose weight is one matrix for all rows', async () => {
    const { dense } = await import('../../../lib/index.js');
    scope(() => {
      const x = tensor(
        runtime,
        Float32Array.from({ length: 5 * 37 }, (_, i) => Math.fround(1 / (i + 3) - 0.01)),
        [5, 37],
      );
      const w = tensor(
        runtime,
        Float32Array.from({ length: 37 * 3 }, (_, i) => Math.fround(1 / (i + 7) - 0.02)),
        [37, 3],
      );
      expect(matmul(x, w).data()).toEqual(dense(x, w).data());
    });
  });
});

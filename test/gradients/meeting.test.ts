// Where two gradients of a tensor meet, an operation may add its own to what came before in its own pass: the bits are those
// of the gradients by themselves, added afterwards. Control: neither of the two is the sum.

import { describe, expect, it } from 'vitest';
import {
  add,
  batchNorm,
  batchNormStatistics,
  gradients,
  multiply,
  observeKernels,
  scope,
  type Tensor,
  tensor,
} from '../../lib/index.js';
import { expectSameBits } from '../support/bits.js';
import { drawInputs } from '../support/inputs.js';
import { onTarget, targets } from '../support/targets.js';

const kSeed = 41;
const shape = [3, 7, 5, 19];
const [values, factor, upstream] = drawInputs(
  ['x', 'factor', 'dy'].map((name) => ({ name, shape })),
  kSeed,
);

type Path = (x: Tensor, factor: Tensor) => Tensor;
const normal: Path = (x) =>
  batchNorm(x, batchNormStatistics(x), { gamma: null, beta: null }, { relu: true, training: true });
const other: Path = (x, by) => multiply(x, by);

describe.each(targets)('$name', (target) => {
  // One thread: in atomic mode statistics come in the order of arrival.
  it('batch_norm adds what came before it', () => {
    onTarget(target, 1, (runtime) => {
      const kernels: string[] = [];
      observeKernels(runtime, (kernel) => kernels.push(kernel));
      const gradient = (path: Path) =>
        scope(() => {
          const given = (data: Float32Array) => tensor(runtime, data, shape);
          const [x, by] = [given(values!.data), given(factor!.data)];
          kernels.length = 0;
          const walked = gradients(() => ({ loss: path(x, by) }), [x], given(upstream!.data));
          return walked.gradients[0]!.data();
        });
      const meeting = gradient((x, by) => add(normal(x, by), other(x, by)));
      expect(kernels.filter((kernel) => kernel === 'add.forward')).toHaveLength(1);
      const [ofNormal, ofOther] = [gradient(normal), gradient(other)];
      const sum = ofOther.map((value, i) => Math.fround(value + ofNormal[i]!));
      expectSameBits('the sum', meeting, sum);
      expect(meeting).not.toEqual(ofNormal);
      expect(meeting).not.toEqual(ofOther);
    });
  });
});

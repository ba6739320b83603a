// A step whose gradient is larger than the one it comes from waits until that is read. The bits are those of the steps in
// turn: gradients that meet are added in the order in which the walk comes to their steps. Control: in another order the sum
// has other bits.

import { describe, expect, it } from 'vitest';
import {
  add,
  averagePool2d,
  batchNorm,
  batchNormStatistics,
  conv2d,
  gradients,
  multiply,
  ones,
  type Runtime,
  scope,
  type Tensor,
  tensor,
} from '../../lib/index.js';
import { observeKernels } from '../../lib/ops/index.js';
import { expectSameBits } from '../support/bits.js';
import { drawInputs } from '../support/inputs.js';
import { onTarget, targets } from '../support/targets.js';

const drawn = drawInputs(
  [
    { name: 'x', shape: [2, 10, 6, 19] },
    { name: 'factor', shape: [2, 10, 6, 19] },
    { name: 'weight', shape: [1, 1, 19, 19] },
    { name: 'dy', shape: [2, 5, 3, 19] },
  ],
  47,
);

interface Given {
  t: Tensor;
  factor: Tensor;
  weight: Tensor;
}

type Path = (given: Given) => Tensor;

/** The gradient of t = x * 1, which is that of x, where t goes along these paths, which are added; and the kernels backwards. */
function walk(runtime: Runtime, ...paths: Path[]): { gradient: Float32Array; kernels: string[] } {
  return scope(() => {
    const [x, factor, weight, dy] = drawn.map(({ data, shape }) => tensor(runtime, data, shape));
    const one = ones(runtime, x!.shape);
    let kernels: string[] = [];
    observeKernels(runtime, (kernel) => kernels.push(kernel));
    const forward = () => {
      const t = multiply(x!, one);
      const loss = paths.map((path) => path({ t, factor: factor!, weight: weight! })).reduce(add);
      kernels = [];
      return { loss };
    };
    const gradient = gradients(forward, [x!], dy).gradients[0]!.data();
    return { gradient: gradient as Float32Array, kernels };
  });
}

const pool = (t: Tensor) => averagePool2d(t, { poolSize: 2 });
const pooled: Path = ({ t }) => pool(t);
const normal: Path = ({ t }) =>
  pool(batchNorm(t, batchNormStatistics(t), { gamma: null, beta: null }, { training: true, activation: 'relu' }));
const projected: Path = ({ t, weight }) => conv2d(t, weight, { strides: 2 });
const weighed: Path = ({ t, factor }) => pool(multiply(t, factor));

const sum = (...[first, ...rest]: Float32Array[]) =>
  rest.reduce((before, gradient) => before.map((value, i) => Math.fround(value + gradient[i]!)), first!);

describe.each(targets)('$name', (target) => {
  it('a step runs right before its gradient is read', () => {
    onTarget(target, 1, (runtime) => {
      const { kernels } = walk(runtime, normal, projected);
      expect(kernels).toEqual([
        'average_pool2d.inputGradient',
        'batch_norm.parameterGradient',
        'conv2d.inputGradient',
        'batch_norm.inputGradient',
        'multiply.forward',
      ]);
    });
  });

  it('gradients are added as their steps come, whether these wait or not', () => {
    onTarget(target, 1, (runtime) => {
      // Of the three steps that read t, the one that the walk comes to last does not wait.
      const { gradient, kernels } = walk(runtime, weighed, pooled, projected);
      expect(kernels).toEqual([
        ...['average_pool2d.inputGradient', 'multiply.forward'],
        ...['conv2d.inputGradient', 'average_pool2d.inputGradient', 'add.forward', 'add.forward'],
        'multiply.forward',
      ]);
      const alone = [projected, pooled, weighed].map((path) => walk(runtime, path).gradient);
      expectSameBits('the sum', gradient, sum(...alone));
      expect(gradient).not.toEqual(sum(...alone.reverse()));
    });
  });
});

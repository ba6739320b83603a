// Where two gradients of a tensor meet, an operation may add its own to what came before in its own pass: the bits are those
// of the gradients by themselves, added afterwards. Control: neither of the two is the sum. Where one goes two ways, neither
// operation may write over it.

import { describe, expect, it } from 'vitest';
import {
  add,
  batchNorm,
  batchNormStatistics,
  gradients,
  multiply,
  scope,
  type Tensor,
  tensor,
} from '../../lib/index.js';
import { observeKernels } from '../../lib/ops/index.js';
import { expectSameBits } from '../support/bits.js';
import { drawInputs } from '../support/inputs.js';
import { onTarget, targets } from '../support/targets.js';

const kSeed = 41;
const shape = [3, 7, 5, 19];
const draw = (shape: number[]) =>
  drawInputs(
    ['x', 'factor', 'dy'].map((name) => ({ name, shape })),
    kSeed,
  );
const [values, factor, upstream] = draw(shape);

// So large that kernels go by sample: then batch_norm may write over a gradient.
const large = [2, 61, 57, 19];
const [largeValues, largeFactor, largeUpstream] = draw(large);

type Path = (x: Tensor, factor: Tensor) => Tensor;
const normal: Path = (x) =>
  batchNorm(x, batchNormStatistics(x), { gamma: null, beta: null }, { activation: 'relu', training: true });
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

  // It may write over a gradient that it alone reads: here one is the caller's, and one goes two ways.
  it('batch_norm leaves a gradient as it is that others read', () => {
    onTarget(target, 1, (runtime) => {
      scope(() => {
        const [x, z, dy] = [largeValues!, largeFactor!, largeUpstream!].map(({ data }) => tensor(runtime, data, large));
        const gradientsOf = (path: () => Tensor, of: Tensor[]) =>
          gradients(() => ({ loss: path() }), of, dy).gradients.map((gradient) => gradient!.data());
        const alone = [x!, z!].map((input) => gradientsOf(() => normal(input, z!), [input])[0]!);
        const both = gradientsOf(() => add(normal(x!, z!), normal(z!, x!)), [x!, z!]);
        expectSameBits('dx', both[0]!, alone[0]!);
        expectSameBits('dz', both[1]!, alone[1]!);
        expectSameBits('dy', dy!.data(), largeUpstream!.data);
      });
    });
  });

  it('batch_norm gives the same bits where it writes over the gradient that it alone reads', () => {
    onTarget(target, 1, (runtime) => {
      scope(() => {
        const [x, by, dy] = [largeValues!, largeFactor!, largeUpstream!].map(({ data }) =>
          tensor(runtime, data, large),
        );
        const through = gradients(() => ({ loss: multiply(normal(x!, by!), by!) }), [x!], dy).gradients[0]!;
        const times = multiply(dy!, by!);
        const apart = gradients(() => ({ loss: normal(x!, by!) }), [x!], times).gradients[0]!;
        expectSameBits('dx', through.data(), apart.data());
        expect(through.data()).not.toEqual(times.data());
      });
    });
  });
});

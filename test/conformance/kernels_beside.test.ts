// Kernels that the tables of cases do not reach, against the contract on every deterministic target: moving statistics,
// batch normalisation in inference, and the step from bytes to floats.

import { describe, expect, it } from 'vitest';
import { batchNorm, batchNormMoving, gradients, rescaling, scope, sum, tensor, toFloat } from '../../lib/index.js';
import { valueAt } from '../contract/batch_norm.js';
import { add, div, f32, mul, sqrt, sub } from '../contract/float32.js';
import { expectSameBits } from '../support/bits.js';
import { drawInput } from '../support/inputs.js';
import { deterministicTargets, onTarget } from '../support/targets.js';

const kSeed = 92;
const draw = (shape: number[], stream: number, how: 'normal' | 'positive' = 'normal') =>
  drawInput({ name: 'x', shape, draw: how }, kSeed, stream);

describe.each(deterministicTargets)('$name', (target) => {
  it.each([1, 105 / 104])(
    'moving statistics are moving * momentum + (value * %d) * (1 - momentum), each rounded',
    (scale) => {
      const [moving, value] = [draw([37], 0), draw([37], 1)];
      const momentum = 0.99;
      const rest = sub(1, f32(momentum));
      const want = moving.data.map((m, i) => add(mul(m, f32(momentum)), mul(mul(value.data[i]!, f32(scale)), rest)));
      const got = onTarget(target, 2, (runtime) =>
        scope(() => {
          const state = tensor(runtime, moving.data);
          batchNormMoving(state, tensor(runtime, value.data), momentum, scale);
          return state.data();
        }),
      );
      expectSameBits('moving', got, want);
    },
  );

  it('batch normalisation in inference takes the statistics it is given, and so does its gradient', () => {
    const x = draw([3, 5, 7, 19], 2);
    const [mean, variance, gamma, beta] = [draw([19], 3), draw([19], 4, 'positive'), draw([19], 5), draw([19], 6)];
    const channels = Array.from({ length: 19 }, (_, c) => {
      const inverse = div(1, sqrt(add(variance.data[c]!, f32(1e-3))));
      return { mean: mean.data[c]!, inverse, scale: mul(gamma.data[c]!, inverse), beta: beta.data[c]! };
    });
    const { y, dx } = onTarget(target, 2, (runtime) =>
      scope(() => {
        const put = ({ data, shape }: { data: Float32Array; shape: readonly number[] }) => tensor(runtime, data, shape);
        const [input, statistics] = [put(x), { mean: put(mean), variance: put(variance) }];
        const parameters = { gamma: put(gamma), beta: put(beta) };
        const forward = () => batchNorm(input, statistics, parameters, { training: false });
        const walked = gradients(() => ({ loss: sum(forward()) }), [input]);
        const result = { y: forward().data(), dx: walked.gradients[0]!.data() };
        walked.gradients[0]!.dispose();
        return result;
      }),
    );
    expectSameBits(
      'y',
      y,
      x.data.map((v, i) => valueAt(channels[i % 19]!, v)),
    );
    expectSameBits(
      'dx',
      dx,
      x.data.map((_, i) => channels[i % 19]!.scale),
    );
  });

  it('bytes become floats exactly, and are rescaled with two roundings', () => {
    const bytes = Uint8Array.from({ length: 1001 }, (_, i) => i % 256);
    const { floats, scaled } = onTarget(target, 2, (runtime) =>
      scope(() => {
        const x = tensor(runtime, bytes);
        return { floats: toFloat(x).data(), scaled: rescaling(x, { scale: 1 / 127.5, offset: -1 }).data() };
      }),
    );
    expect([...floats]).toEqual([...bytes]);
    expectSameBits(
      'rescaled',
      scaled,
      Float32Array.from(bytes, (b) => add(mul(b, f32(1 / 127.5)), -1)),
    );
  });
});

// Claim: a result so large that it is stored past the caches has the bits of one that is not. Each sample of a batch beyond
// that size (native/simd/elementwise.h) is computed again alone, far below it. Control: samples differ from each other.

import { describe, expect, it } from 'vitest';
import {
  add,
  batchNorm,
  conv2d,
  createRuntime,
  depthwiseConv2d,
  gradients,
  maxPool2d,
  type Runtime,
  relu,
  scope,
  type Tensor,
  tensor,
} from '../../lib/index.js';
import { expectSameBits } from '../support/bits.js';
import { uniforms } from '../support/inputs.js';
import { deterministicTargets } from '../support/targets.js';
import { kSeed } from './claims.js';

const [samples, height, width, channels] = [17, 31, 35, 32] as const;
const sampleValues = height * width * channels;
const draw = (stream: number, length: number) => uniforms(kSeed, stream, length).map((u) => u - 0.5);

type Run = (x: Tensor, parameter: (stream: number, shape: readonly number[]) => Tensor) => Tensor;

/** Operations whose result and input gradient have x's shape, so that both are beyond the size. */
const operations: Record<string, Run> = {
  'conv2d 1 x 1': (x, parameter) => conv2d(x, parameter(1, [1, 1, channels, channels])),
  'conv2d 3 x 3': (x, parameter) => conv2d(x, parameter(2, [3, 3, channels, channels]), { padding: 'same' }),
  depthwise_conv2d: (x, parameter) => depthwiseConv2d(x, parameter(3, [3, 3, channels, 1]), { padding: 'same' }),
  max_pool2d: (x) => maxPool2d(x, { poolSize: [3, 3], strides: 1, padding: 'same' }),
  'add, and add of gradients': (x) => add(x, relu(x)),
  'batch_norm beside another reader of x': (x, parameter) => {
    const statistics = {
      mean: parameter(7, [channels]),
      variance: tensor(x.runtime, new Float32Array(channels).fill(0.3), [channels]),
    };
    return add(batchNorm(x, statistics, { gamma: null, beta: null }, { training: false }), x);
  },
  'batch_norm with given statistics and relu': (x, parameter) =>
    batchNorm(
      x,
      { mean: parameter(4, [channels]), variance: tensor(x.runtime, new Float32Array(channels).fill(0.3), [channels]) },
      { gamma: parameter(5, [channels]), beta: parameter(6, [channels]) },
      { training: false, activation: 'relu' },
    ),
};

/** Result and input gradient of the samples whose values and upstream gradients are given. */
function computed(runtime: Runtime, run: Run, values: Float32Array, upstream: Float32Array): Float32Array[] {
  return scope(() => {
    const shape = [values.length / sampleValues, height, width, channels];
    const x = tensor(runtime, values, shape);
    const parameter = (stream: number, size: readonly number[]) => {
      const length = size.reduce((product, side) => product * side, 1);
      return tensor(runtime, Float32Array.from(draw(stream, length)), size);
    };
    let y: Tensor | undefined;
    const all = gradients(
      () => {
        y = run(x, parameter);
        return { loss: y };
      },
      [x],
      tensor(runtime, upstream, shape),
    );
    return [y!.data() as Float32Array, all.gradients[0]!.data() as Float32Array];
  });
}

it('is tried beyond the size', () => {
  expect(samples * sampleValues).toBeGreaterThan(2 ** 19);
  expect(sampleValues).toBeLessThan(2 ** 19 / 4);
});

describe.each(deterministicTargets)('$name', ({ isa, mode }) => {
  it.each(Object.entries(operations))('%s', (_name, run) => {
    using runtime = createRuntime({ isa, mode, threads: 2 });
    const values = Float32Array.from(draw(10, samples * sampleValues));
    const upstream = Float32Array.from(draw(11, samples * sampleValues));
    const whole = computed(runtime, run, values, upstream);
    for (const sample of [0, 8, samples - 1]) {
      const own = (all: Float32Array) => all.subarray(sample * sampleValues, (sample + 1) * sampleValues);
      const alone = computed(runtime, run, own(values), own(upstream));
      for (const [i, part] of ['result', 'input gradient'].entries()) {
        expectSameBits(`${part} of sample ${sample}`, alone[i]!, own(whole[i]!));
        if (sample > 0) expect(alone[i]).not.toEqual(whole[i]!.subarray(0, sampleValues));
      }
    }
  });
});

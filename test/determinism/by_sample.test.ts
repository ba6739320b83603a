// Claim: kernels run sample by sample give the bits of the same calls one after the other, whatever passes between them, on any
// isa and number of threads. Control: the sums of the batch are those of the join tree, which samples added one after the other
// are not.

import { describe, expect, it } from 'vitest';
import type { NativeSampleCall } from '../../lib/addon/index.js';
import { ElidedBuffer, isWatched, type KernelCall, letGo } from '../../lib/autograd/index.js';
import {
  add,
  batchNorm,
  batchNormStatistics,
  conv2d,
  depthwiseConv2d,
  gradients,
  maxPool2d,
  Runtime,
  type RuntimeOptions,
  scope,
  separableConv2d,
  type Tensor,
  tensor,
  zeros,
} from '../../lib/index.js';
import { runEachSample, runInTurn } from '../../lib/ops/by_sample.js';
import { observeKernels } from '../../lib/ops/index.js';
import { expectMeaningful, expectSameBits, firstDifference } from '../support/bits.js';
import { withRelu } from '../support/fused.js';
import { drawInput } from '../support/inputs.js';
import { deterministicTargets, extremeTargets } from '../support/targets.js';
import { conditions, testRuntime } from '../support/test_runtime.js';
import { kSeed } from './claims.js';

const [samples, height, width, channels, multiplier, filters] = [13, 11, 9, 19, 2, 23] as const;
const inner = channels * multiplier;
const window = {
  ...{ strideH: 2, strideW: 1, dilationH: 1, dilationW: 2 },
  ...{ padTop: 1, padBottom: 1, padLeft: 2, padRight: 2 },
};
const point = {
  ...{ strideH: 1, strideW: 1, dilationH: 1, dilationW: 1 },
  ...{ padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 },
  ...{ groups: 1, ...withRelu },
};
const x = [samples, height, width, channels];
const between = [samples, 6, width, inner];
const y = [samples, 6, width, filters];
const depthwise = [3, 3, channels, multiplier];
const scale = { scale: 1 / 255, offset: 0.25 };
const pointwise = [1, 1, inner, filters];

/** The rows: their calls on named tensors, and the shapes of what they give. */
const rows: Record<string, { calls: [kernel: string, tensors: string[]][]; gives: Record<string, number[]> }> = {
  'forward, both results kept': {
    calls: [
      ['depthwise_conv2d.forward', ['x', 'depthwise', 'channels']],
      ['conv2d.forward', ['channels', 'pointwise', 'bias', 'y']],
    ],
    gives: { channels: between, y },
  },
  'forward, the first result passing': {
    calls: [
      ['depthwise_conv2d.forward', ['x', 'depthwise', 'passing']],
      ['conv2d.forward', ['passing', 'pointwise', 'bias', 'y']],
    ],
    gives: { y },
  },
  'forward, rescaled first': {
    calls: [
      ['rescaling.forward', ['x', 'scaled']],
      ['depthwise_conv2d.forward', ['scaled', 'depthwise', 'channels']],
    ],
    gives: { scaled: x, channels: between },
  },
  'gradients, the inner one passing': {
    calls: [
      ['conv2d.inputGradient', ['dy', 'pointwise', 'passing']],
      ['depthwise_conv2d.weightGradient', ['x', 'passing', 'ddepthwise']],
      ['depthwise_conv2d.inputGradient', ['passing', 'depthwise', 'dx']],
    ],
    gives: { ddepthwise: depthwise, dx: x },
  },
  'a gradient of weights and bias': {
    calls: [
      ['depthwise_conv2d.forward', ['x', 'depthwise', 'passing']],
      ['conv2d.weightGradient', ['passing', 'dy', 'dpointwise', 'dbias']],
    ],
    gives: { dpointwise: pointwise, dbias: [filters] },
  },
};

const drawn = Object.entries({ x, dy: y, depthwise, pointwise, bias: [filters] }).map(([name, shape], stream) => ({
  name,
  ...drawInput({ name, shape }, kSeed, stream),
}));

type Runner = (runtime: Runtime, like: Tensor, calls: readonly KernelCall[]) => void;
const eachSample: Runner = (runtime, _like, calls) => runEachSample(runtime, calls);
const inTurn: Runner = (_runtime, like, calls) => runInTurn(like, calls);

/** What a row gives, by name. */
function resultOf(runtime: Runtime, run: Runner, name: string): Record<string, Float32Array> {
  return scope(() => {
    const { calls, gives } = rows[name]!;
    const named = new Map<string, Tensor | ElidedBuffer>([['passing', new ElidedBuffer(between)]]);
    for (const { name, data, shape } of drawn) named.set(name, tensor(runtime, data, shape));
    for (const [name, shape] of Object.entries(gives)) {
      named.set(name, tensor(runtime, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(NaN), shape));
    }
    const row = calls.map(([kernel, names]) => ({
      kernel,
      tensors: names.map((name) => named.get(name)!),
      settings: { conv2d: point, depthwise_conv2d: window, rescaling: scale }[kernel.split('.')[0]!]!,
    }));
    run(runtime, named.get('x') as Tensor, row);
    return Object.fromEntries(Object.keys(gives).map((name) => [name, (named.get(name) as Tensor).data()]));
  });
}

describe.each(deterministicTargets)('$name', ({ isa }) => {
  describe.each(Object.keys(rows))('%s', (name) => {
    it.each([1, 2, 3, 7])('has the same bits sample by sample with %i threads', (threads) => {
      using runtime = testRuntime({ isa, threads });
      const want = resultOf(runtime, inTurn, name);
      const got = resultOf(runtime, eachSample, name);
      for (const [name, values] of Object.entries(want)) {
        expectMeaningful(name, values);
        expectSameBits(name, got[name]!, values);
      }
    });
  });
});

it('sums the batch by the tree: samples added one after the other give other bits', () => {
  using runtime = testRuntime({ threads: 1 });
  const name = 'gradients, the inner one passing';
  const tree = resultOf(runtime, eachSample, name)['ddepthwise']!;
  const alone = Array.from({ length: samples }, (_, n) =>
    scope(() => {
      const own = (name: string) => {
        const { data, shape } = drawn.find((one) => one.name === name)!;
        const size = data.length / samples;
        return tensor(runtime, data.subarray(n * size, (n + 1) * size), [1, ...shape.slice(1)]);
      };
      const whole = (name: string) => {
        const { data, shape } = drawn.find((one) => one.name === name)!;
        return tensor(runtime, data, shape);
      };
      const sum = tensor(runtime, new Float32Array(tree.length), depthwise);
      const passing = new ElidedBuffer([1, ...between.slice(1)]);
      runEachSample(runtime, [
        { kernel: 'conv2d.inputGradient', tensors: [own('dy'), whole('pointwise'), passing], settings: point },
        { kernel: 'depthwise_conv2d.weightGradient', tensors: [own('x'), passing, sum], settings: window },
      ]);
      return sum.data();
    }),
  );
  const chain = alone.reduce((sum, values) => sum.map((value, i) => Math.fround(value + values[i]!)));
  expect(firstDifference(tree, chain)).toBeDefined();
});

/** A runtime that counts its rows. */
class CountingRuntime extends Runtime {
  rows = 0;
  override runBySample(calls: readonly NativeSampleCall[]): void {
    this.rows += 1;
    super.runBySample(calls);
  }
}

// Samples of at least 2^17 values between the two convolutions, as many of them as 2 divides but not 3: with odd sides, and with
// whole vectors of channels, whose results are large enough to be stored past the caches.
const sizes = [
  { size: [4, 61, 67, 33], filters: 5 },
  { size: [4, 64, 64, 32], filters: 32 },
];

describe.each(extremeTargets.flatMap((target) => sizes.map((one) => ({ ...target, ...one }))))(
  'separable_conv2d of $size on $name',
  ({ isa, size, filters }) => {
    const [n, h, w, c] = size as [number, number, number, number];
    const inputs = Object.entries({
      ...{ x: size, depthwise: [3, 3, c, 1], pointwise: [1, 1, c, filters], bias: [filters] },
      dy: [n, h, w, filters],
    }).map(([name, shape], stream) => drawInput({ name, shape }, kSeed, stream));

    type Separable = (x: Tensor, depthwise: Tensor, pointwise: Tensor, bias: Tensor) => Tensor;
    const together: Separable = (x, depthwise, pointwise, bias) =>
      separableConv2d(x, depthwise, pointwise, { bias, padding: 'same', activation: 'relu' });
    const apart: Separable = (x, depthwise, pointwise, bias) =>
      conv2d(depthwiseConv2d(x, depthwise, { padding: 'same' }), pointwise, { bias, activation: 'relu' });

    /** Result and gradients, without the tape and with it, and how many rows went by sample. */
    function computed(
      options: RuntimeOptions,
      separable: Separable,
      { watch = false, dy: upstream = inputs[4]! } = {},
    ) {
      using runtime = new CountingRuntime({ isa, ...options }, conditions);
      if (watch) observeKernels(runtime, () => {});
      return scope(() => {
        const [x, depthwise, pointwise, bias] = inputs.map(({ data, shape }) => tensor(runtime, data, shape));
        const dy = tensor(runtime, upstream.data, upstream.shape);
        const given = [x!, depthwise!, pointwise!, bias!] as const;
        const untaped = separable(...given).data();
        const walked = gradients(() => ({ loss: separable(...given) }), given, dy);
        const values = [untaped, walked.value.loss.data(), ...walked.gradients.map((gradient) => gradient!.data())];
        return { values, rows: runtime.rows };
      });
    }

    const want = computed({ threads: 2 }, apart).values;
    const labels = ['y', 'y on a tape', 'dx', 'ddepthwise', 'dpointwise', 'dbias'];

    it.each([
      { title: 'by sample', options: { threads: 2 }, rows: 3 },
      { title: 'by sample with threads that help each other in the end', options: { threads: 3 }, rows: 3 },
      { title: 'in turn where there are more threads than samples', options: { threads: 5 }, rows: 0 },
      { title: 'in turn where its kernels are watched', options: { threads: 2 }, watch: true, rows: 0 },
      {
        title: 'in turn where a sum is joined as it arrives',
        options: { threads: 1, atomic: ['dense.biasGradient'] },
        rows: 0,
      },
    ])('has the bits of the two convolutions $title', ({ options, watch, rows }) => {
      const got = computed(options, together, { watch: watch ?? false });
      expect(got.rows).toBe(rows);
      labels.forEach((label, i) => {
        expectMeaningful(label, got.values[i]!);
        expectSameBits(label, got.values[i]!, want[i]!);
      });
    });

    it('goes together with conv2d and max_pool2d around it, with the bits of all of them in turn', () => {
      const block: Separable = (x, depthwise, pointwise, bias) => {
        const wide = tensor(x.runtime, pointwise.data(), [1, 1, filters, c]);
        const pooled = (values: Tensor) => maxPool2d(values, { poolSize: 3, strides: 2, padding: 'same' });
        const first = conv2d(x, tensor(x.runtime, depthwise.data(), [3, 3, 1, c]), { groups: c, activation: 'relu' });
        const y = separableConv2d(first, depthwise, pointwise, { bias, padding: 'same', activation: 'relu' });
        return pooled(conv2d(y, wide, { activation: 'relu' }));
      };
      const shape = [n, Math.ceil((h - 2) / 2), Math.ceil((w - 2) / 2), c];
      const dy = drawInput({ name: 'dy', shape }, kSeed, 6);
      const run = (watch: boolean) => computed({ threads: 2 }, block, { watch, dy });
      const [together, inTurn] = [run(false), run(true)];
      // Each of the four twice forward, and once for the gradients.
      expect([together.rows, inTurn.rows]).toEqual([12, 0]);
      labels.forEach((label, i) => {
        expectMeaningful(label, together.values[i]!);
        expectSameBits(label, together.values[i]!, inTurn.values[i]!);
      });
    });

    it('goes together with batch_norm before and behind it, with the bits of all of them in turn', () => {
      let rematerialised = 0;
      const block: Separable = (x, depthwise, pointwise, bias) => {
        const normal = (values: Tensor) =>
          batchNorm(
            values,
            batchNormStatistics(values),
            { gamma: null, beta: null },
            { activation: 'relu', training: true },
          );
        const readOnce = (values: Tensor) => {
          letGo(values);
          if (isWatched(x) && values.disposed) rematerialised += 1;
        };
        const first = normal(x);
        const y = separableConv2d(first, depthwise, pointwise, { bias, padding: 'same' });
        readOnce(first);
        // As many channels behind as before, so that what is behind is large enough too.
        const wide = drawInput({ name: 'wide', shape: [3, 3, filters, c] }, kSeed, 7);
        const behind = conv2d(y, tensor(x.runtime, wide.data, wide.shape), { padding: 'same' });
        const second = normal(add(behind, x));
        const last = conv2d(second, tensor(x.runtime, depthwise.data(), [3, 3, 1, c]), { padding: 'same', groups: c });
        readOnce(second);
        return last;
      };
      const wideUpstream = drawInput({ name: 'dy', shape: size }, kSeed, 5);
      const run = (watch: boolean) => computed({ threads: 2 }, block, { watch, dy: wideUpstream });
      const together = run(false);
      // With a tape what batch_norm gave is computed again for the gradients of both that read it.
      expect(rematerialised).toBe(2);
      const inTurn = run(true);
      expect(rematerialised).toBe(2);
      // Untaped and taped eight each: statistics and batch_norm twice, three convolutions and a sum; of the gradients two of each
      // batch_norm, and those of each convolution.
      expect([together.rows, inTurn.rows]).toEqual([23, 0]);
      labels.forEach((label, i) => {
        expectMeaningful(label, together.values[i]!);
        expectSameBits(label, together.values[i]!, inTurn.values[i]!);
      });
    });
  },
);

it('separable_conv2d refuses a batch of no samples alike, however large they are', () => {
  using runtime = testRuntime({ threads: 2 });
  const refusal = 'conv2d: expected x with 4 axes of length >= 1, got 4 axes and 0 values';
  for (const side of [4, 64]) {
    scope(() => {
      const shapes = [
        [0, side, side, 32],
        [3, 3, 32, 1],
        [1, 1, 32, 5],
      ];
      const [x, depthwise, pointwise] = shapes.map((shape) => zeros(runtime, shape));
      expect(() => separableConv2d(x!, depthwise!, pointwise!, { padding: 'same' })).toThrow(refusal);
    });
  }
});

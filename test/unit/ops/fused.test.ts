// What a kernel applies in its own pass has the bits of the activation's own operation behind it, forward and backward: every kind, each
// operation, every instruction set, odd sizes and tails, from any values, in memory full of NaNs. Control: of two kinds each differs.

import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  batchNormStatistics,
  conv2d,
  dense,
  type FusedActivation,
  gradients,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  type NormActivation,
  type Runtime,
  relu,
  relu6,
  scope,
  separableConv2d,
  type Tensor,
  tensor,
} from '../../../lib/index.js';
import type { Floats } from '../../cases/case.js';
import { expectSameBits, firstDifference } from '../../support/bits.js';
import { drawInput, drawInputs, drawStrange } from '../../support/inputs.js';
import { deterministicTargets, keptRuntime } from '../../support/targets.js';

const kSeed = 4117;

/** Every activation that a result tells, with its own operation. */
const told: Record<string, [FusedActivation, (x: Tensor) => Tensor]> = {
  relu: ['relu', (x) => relu(x)],
  relu6: ['relu6', relu6],
  'leaky relu': ['leaky_relu', (x) => leakyRelu(x)],
  'relu with a slope': [{ negativeSlope: 0.01 }, (x) => relu(x, { negativeSlope: 0.01 })],
  'relu up to a value': [{ maxValue: 0.5 }, (x) => relu(x, { maxValue: 0.5 })],
  'relu up to 0': [{ maxValue: 0 }, (x) => relu(x, { maxValue: 0 })],
  'relu from a value': [{ threshold: 0.25 }, (x) => relu(x, { threshold: 0.25 })],
  'relu with all options': [
    { maxValue: 0.75, negativeSlope: 0.125, threshold: 0.25 },
    (x) => relu(x, { maxValue: 0.75, negativeSlope: 0.125, threshold: 0.25 }),
  ],
  'relu with options that say nothing': [{}, (x) => relu(x)],
};
/** Those that batch_norm applies beside them. */
const recomputed: Record<string, [NormActivation, (x: Tensor) => Tensor]> = {
  ...told,
  'relu from below 0': [{ threshold: -0.5, negativeSlope: -2 }, (x) => relu(x, { threshold: -0.5, negativeSlope: -2 })],
  'hard sigmoid': ['hard_sigmoid', hardSigmoid],
  'hard silu': ['hard_silu', hardSwish],
  'hard swish': ['hard_swish', hardSwish],
};

interface Block {
  inputs: Record<string, number[]>;
  run(inputs: readonly Tensor[], activation: never): Tensor;
}
const parameters = ([gamma, beta]: readonly Tensor[]) => ({ gamma: gamma!, beta: beta! });
const convolution = (x: number[], weight: number[], more: object = {}): Block => ({
  inputs: { x, weight, bias: [weight[3]!] },
  run: ([a, w, bias], activation) => conv2d(a!, w!, { ...more, bias: bias!, activation }),
});
const normal = (x: number[]): Block => ({
  inputs: { x, gamma: [x.at(-1)!], beta: [x.at(-1)!] },
  run: ([a, ...rest], activation) =>
    batchNorm(a!, batchNormStatistics(a!), parameters(rest), { activation, training: true }),
});

const blocks: Record<string, Block> = {
  'conv2d, a tail of columns': convolution([2, 5, 17, 3], [3, 3, 3, 19], { padding: 'same' }),
  'conv2d, whole vectors, stored past the caches': convolution([3, 7, 9, 5], [1, 1, 5, 32]),
  'conv2d in groups': convolution([2, 4, 5, 6], [2, 2, 2, 9], { groups: 3 }),
  'dense, one column': {
    inputs: { x: [401, 301], weight: [301, 1], bias: [1] },
    run: ([x, weight, bias], activation) => dense(x!, weight!, { bias: bias!, activation }),
  },
  'dense of rows': {
    inputs: { x: [3, 5, 11], weight: [11, 21], bias: [21] },
    run: ([x, weight, bias], activation) => dense(x!, weight!, { bias: bias!, activation }),
  },
  separableConv2d: {
    inputs: { x: [2, 6, 5, 4], depthwise: [3, 3, 4, 2], pointwise: [1, 1, 8, 17], bias: [17] },
    run: ([x, depthwise, pointwise, bias], activation) =>
      separableConv2d(x!, depthwise!, pointwise!, { bias: bias!, activation }),
  },
};
const norms: Record<string, Block> = {
  'batch_norm, 7 channels': normal([5, 3, 7]),
  'batch_norm, 113 channels': normal([4, 3, 3, 113]),
  'batch_norm with given statistics': {
    inputs: { x: [9, 33], mean: [33], variance: [33], gamma: [33], beta: [33] },
    run: ([x, mean, variance, ...rest], activation) =>
      batchNorm(x!, { mean: mean!, variance: variance! }, parameters(rest), { activation, training: false }),
  },
};

/** Drawn values, of which gammas are so large that results are above 6 too, and variances are none below 0. */
function drawn(shapes: readonly { name: string; shape: number[] }[]): Floats[] {
  const change: Record<string, (value: number) => number> = { gamma: (value) => 4 * value, variance: Math.abs };
  return drawInputs(shapes, kSeed).map(({ shape, data }, i) => {
    const of = change[shapes[i]!.name];
    return { shape, data: of ? data.map(of) : data };
  });
}

/** The result and the gradients of all inputs, one behind the other. */
function through(runtime: Runtime, values: readonly Floats[], run: (inputs: readonly Tensor[]) => Tensor): number[][] {
  return scope(() => {
    const inputs = values.map(({ shape, data }) => tensor(runtime, data, shape));
    const forward = () => run(inputs);
    const y = forward();
    const upstream = drawInput({ name: 'dy', shape: y.shape }, kSeed, 98);
    const dy = tensor(runtime, upstream.data, upstream.shape);
    const found = gradients(() => ({ loss: forward() }), inputs, dy).gradients;
    return [y, ...found].map((one) => [...(one?.data() ?? [])]);
  });
}

const cases = [
  ...Object.entries(blocks).map(([title, block]) => ({ title, block, kinds: told })),
  ...Object.entries(norms).map(([title, block]) => ({ title, block, kinds: recomputed })),
];

describe.each(cases)('$title', ({ block, kinds }) => {
  const shapes = Object.entries(block.inputs).map(([name, shape]) => ({ name, shape }));
  const draws = [drawn(shapes), drawStrange(shapes, kSeed)];

  it.each(Object.entries(kinds))(
    `with %s has the bits of the two operations, seed ${kSeed}`,
    (_, [activation, behind]) => {
      for (const target of deterministicTargets) {
        const runtime = keptRuntime(target, 2);
        for (const values of draws) {
          const fused = through(runtime, values, (inputs) => block.run(inputs, activation as never));
          const apart = through(runtime, values, (inputs) => behind(block.run(inputs, 'linear' as never)));
          fused.forEach((got, i) => {
            expectSameBits(`${target.name}, ${i === 0 ? 'y' : shapes[i - 1]!.name}`, got, apart[i]!);
          });
        }
      }
    },
  );

  it('with another one has not (control)', () => {
    const runtime = keptRuntime(deterministicTargets.at(-1)!, 2);
    const [values] = draws as [Floats[]];
    const of = Object.entries(kinds).filter(([name]) => !/say nothing|silu/.test(name));
    const results = of.map(([, [activation]]) =>
      through(runtime, values, (inputs) => block.run(inputs, activation as never)),
    );
    results.forEach((one, i) => {
      for (const other of results.slice(i + 1)) expect(firstDifference(one.flat(), other.flat())).toBeDefined();
    });
  });
});

describe('an activation whose gradient the result does not tell', () => {
  it.each([
    [{ negativeSlope: -0.5 }, 'negativeSlope -0.5, threshold 0, maxValue null'],
    [{ threshold: -1 }, 'negativeSlope 0, threshold -1, maxValue null'],
    [{ negativeSlope: 0.5, maxValue: 0 }, 'negativeSlope 0.5, threshold 0, maxValue 0'],
  ])('%j is refused by conv2d and dense', (activation, got) => {
    const runtime = keptRuntime(deterministicTargets[0]!, 1);
    const [x, weight] = [tensor(runtime, [1, 2], [1, 1, 1, 2]), tensor(runtime, [1, 2], [1, 1, 2, 1])];
    const expected = 'expected activation with negativeSlope >= 0, threshold >= 0 and maxValue > 0';
    const hint = 'apply relu to the result instead';
    expect(() => conv2d(x, weight, { activation })).toThrow(`conv2d: ${expected}, got ${got}; ${hint}`);
    expect(() => dense(x.reshape([1, 2]), weight.reshape([2, 1]), { activation })).toThrow(
      `dense: ${expected}, got ${got}; ${hint}`,
    );
  });
});

describe('the gradient at the edges, where a result might not tell it', () => {
  const edges = [
    0,
    -0,
    6,
    5.9999995,
    6.0000005,
    0.25,
    0.24999999,
    0.25000003,
    0.75,
    0.7500001,
    2 ** -149,
    -(2 ** -149),
  ];
  const all = [
    ...edges,
    ...edges.map((value) => -value),
    NaN,
    Infinity,
    -Infinity,
    3e38,
    -3e38,
    2 ** -130,
    -(2 ** -130),
  ];

  it.each(Object.entries(told))('of %s is that of its own operation', (_, [activation, behind]) => {
    for (const target of deterministicTargets) {
      const runtime = keptRuntime(target, 1);
      const values: Floats[] = [
        { shape: [all.length, 1], data: Float32Array.from(all) },
        { shape: [1, 1], data: Float32Array.of(1) },
      ];
      const run =
        (of: FusedActivation) =>
        ([x, one]: readonly Tensor[]) =>
          dense(x!, one!, { activation: of });
      const fused = through(runtime, values, run(activation));
      const apart = through(runtime, values, (inputs) => behind(run('linear')(inputs)));
      fused.forEach((got, i) => {
        expectSameBits(`${target.name} ${i}`, got, apart[i]!);
      });
    }
  });
});

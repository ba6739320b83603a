// The join of batch_norm's chunks as a replay computes it, against the kernel itself in drawn orders, and its fma against
// the tests' own. Controls: another order gives other bits, and chunks of a task do not change places.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ascendingInTasks, chunkFold, chunksInOrder } from '../../../lib/audit/replay/batch_norm.js';
import { fma } from '../../../lib/audit/replay/float32.js';
import { bitsOf } from '../../../lib/audit/replay/orders.js';
import type { CapturedCall } from '../../../lib/audit/replay/stage.js';
import { createRuntime, tensor } from '../../../lib/index.js';
import { fma as expectedFma } from '../../contract/float32.js';
import { uniforms } from '../../support/inputs.js';

describe('fma', () => {
  it('is rounded once, near halves and subnormals too', () => {
    const float = fc.float({ noNaN: true });
    const half = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: 2 ** 23, max: 2 ** 24 })).map(([k, n]) => {
      return [Math.fround(1 + 2 ** -12), Math.fround(n * 2 ** -24), Math.fround(2 ** k)] as [number, number, number];
    });
    fc.assert(
      fc.property(fc.oneof(fc.tuple(float, float, float), half), ([a, b, c]) => {
        expect(bitsOf(fma(a, b, c))).toBe(bitsOf(expectedFma(a, b, c)));
      }),
      { seed: 5, numRuns: 20_000 },
    );
    // 2^24 + 1 is halfway between two floats; what is lost decides, and without it the even one is taken.
    expect(fma(1, 1, 2 ** 24)).toBe(2 ** 24);
    const lost = Math.fround(1 + 2 ** -23);
    expect(fma(lost, 1, 2 ** 24)).toBe(2 ** 24 + 2);
    expect(fma(2 ** -40, 2 ** -40, Math.fround(1))).toBe(1);
  });
});

// Three chunks a sample, the last one shorter; 18 chunks in 5 tasks.
const shape = [6, 24, 25, 3];
const [samples, channels] = [6, 3];
const x = uniforms(3, 2000, 6 * 600 * 3);
const dy = uniforms(4, 2000, 6 * 600 * 3);
const vector = (seed: number) => uniforms(seed, 2000, channels).map((value) => value + 1.5);

const runtime = createRuntime({ mode: 'atomic', threads: 1, arrival: { seed: 9 } });
afterAll(() => runtime.dispose());

const given = { x, mean: vector(1), variance: vector(2), gamma: vector(3), beta: vector(4), dy };
const stored = (name: string, data: Float32Array) => {
  return { name, dtype: 'float32' as const, shape: data.length === channels ? [channels] : shape, data };
};

const options = { slope: 0.125, threshold: 0.25, ceiling: 1.5 };
const calls: [string, readonly string[], readonly string[], Record<string, number>][] = [
  ['batch_norm.statistics', ['x'], ['mean', 'variance'], {}],
  ...[0, 1, 2, 3, 4].map((activation): (typeof calls)[number] => [
    'batch_norm.parameterGradient',
    ['x', 'mean', 'variance', 'gamma', 'beta', 'dy'],
    ['dgamma', 'dbeta'],
    { epsilon: 1e-3, ...options, activation, training: 1 },
  ]),
];

describe.each(calls)('%s of %j', (kernel, inputs, outputs, settings) => {
  const before = [
    ...inputs.map((name) => stored(name, given[name as keyof typeof given])),
    ...outputs.map((name) => stored(name, new Float32Array(channels))),
  ];
  const call: CapturedCall = {
    kernel,
    settings: { epsilon: 1e-3, ...options, activation: 0, training: 1, ...settings },
    before,
    after: before,
  };

  it('gives what the kernel gives in every order drawn, and not in another', () => {
    const tensors = before.map(({ data, shape: of }) => tensor(runtime, data, of));
    let others = 0;
    for (const [slot, output] of outputs.map((name, i) => [inputs.length + i, name] as const)) {
      for (let channel = 0; channel < channels; channel += 1) {
        const fold = chunkFold(call, { slot, index: channel })!;
        expect(fold.chunks).toBe(3 * samples);
        for (let step = 0; step < 12; step += 1) {
          runtime.beginStep(step);
          runtime.watchArrivals(tensors[slot]!.native(), channel);
          runtime.run(
            kernel,
            tensors.map((one) => one.native()),
            call.settings,
          );
          const order = chunksInOrder(
            fold,
            runtime.arrivals().map(({ task }) => task),
          );
          const value = (tensors[slot]!.data() as Float32Array)[channel]!;
          expect([output, channel, step, bitsOf(fold.fold(order).end)]).toEqual([output, channel, step, bitsOf(value)]);
          others += Number(bitsOf(fold.fold([...order].reverse()).end) !== bitsOf(value));
        }
      }
    }
    expect(others).toBeGreaterThan(0);
    for (const one of tensors) one.dispose();
  });
});

describe('chunks of tasks', () => {
  const call: CapturedCall = {
    kernel: 'batch_norm.statistics',
    settings: {},
    before: [stored('x', x)],
    after: [stored('x', x), stored('mean', new Float32Array(channels))],
  };
  const fold = chunkFold(call, { slot: 1, index: 0 })!;

  it('are four, the last what is left, and tell their positions', () => {
    expect(chunksInOrder(fold, [4, 0])).toEqual([16, 17, 0, 1, 2, 3]);
    expect([0, 5, 17].map(fold.takes)).toEqual([
      'positions 0 to 255 of sample 0',
      'positions 512 to 599 of sample 1',
      'positions 512 to 599 of sample 5',
    ]);
  });

  it('are taken ascending in whatever order tasks take turns', () => {
    expect(ascendingInTasks(fold, [3, 5, 0, 4, 1, 2])).toEqual([0, 4, 1, 5, 2, 3]);
  });

  it('are of batch_norm alone', () => {
    expect(chunkFold({ ...call, kernel: 'conv2d.biasGradient' }, { slot: 1, index: 0 })).toBeUndefined();
  });
});

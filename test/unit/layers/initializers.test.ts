// Initializers: the distributions they draw from, what they refuse, and that they come back from their configs.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers } from '../../../lib/index.js';
import { readInitializer } from '../../../lib/layers/initializers.js';

const { initializers } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const sequence = { seed: 11, stream: 1, step: 0 };
const drawn = (initializer: layers.Initializer, shape: number[]) => {
  const values = initializer.values(runtime, shape, sequence);
  const data = values.data();
  values.dispose();
  return data;
};
const spread = (data: Float32Array) => {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return { mean, variance: data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length };
};

// [3, 5, 8, 12]: fanIn 120, fanOut 180.
const shape = [3, 5, 8, 200];
const [fanIn, fanOut] = [120, 3000];

describe('scaled initializers have the variance they say', () => {
  const cases: [string, layers.Initializer, number][] = [
    ['glorotUniform', initializers.glorotUniform(), 2 / (fanIn + fanOut)],
    ['glorotNormal', initializers.glorotNormal(), 2 / (fanIn + fanOut)],
    ['heUniform', initializers.heUniform(), 2 / fanIn],
    ['heNormal', initializers.heNormal(), 2 / fanIn],
    ['lecunUniform', initializers.lecunUniform(), 1 / fanIn],
    ['lecunNormal', initializers.lecunNormal(), 1 / fanIn],
    ['varianceScaling by outputs', initializers.varianceScaling({ scale: 3, mode: 'fan_out' }), 3 / fanOut],
    [
      'varianceScaling, not truncated',
      initializers.varianceScaling({ mode: 'fan_avg', distribution: 'untruncated_normal' }),
      2 / (fanIn + fanOut),
    ],
    ['alahmari 1', initializers.alahmari({ equation: 1 }), 2 / (fanIn + fanOut)],
    ['alahmari 2', initializers.alahmari({ equation: 2 }), 4 / (fanIn + fanOut)],
    ['torchUniform', initializers.torchUniform(), 1 / (3 * fanIn)],
    ['torchUniform of a bias', initializers.torchUniform({ fanIn: 75 }), 1 / (3 * 75)],
  ];
  it.each(cases)('%s', (_name, initializer, variance) => {
    const found = spread(drawn(initializer, shape));
    // 24,000 values: the variance of a sample is within 4 % of that of the distribution.
    expect(Math.abs(found.mean)).toBeLessThan(0.03 * Math.sqrt(variance));
    expect(found.variance / variance).toBeGreaterThan(0.96);
    expect(found.variance / variance).toBeLessThan(1.04);
  });
});

it('truncatedNormal keeps what lies within two standard deviations, in its order', () => {
  const [mean, stddev] = [0.5, 0.25];
  const all = drawn(initializers.randomNormal({ mean: 0, stddev: 1 }), [3000]);
  const inside = [...all].filter((value) => Math.abs(value) <= 2);
  expect(inside.length).toBeLessThan(all.length);
  const wanted = inside.map((value) => Math.fround(mean + Math.fround(stddev * value)));
  const found = [...drawn(initializers.truncatedNormal({ mean, stddev }), [50, 40])];
  expect(found).toEqual(wanted.slice(0, 2000));
  expect(Math.max(...found.map((value) => Math.abs(value - mean)))).toBeLessThanOrEqual(2 * stddev);
});

describe('orthogonal', () => {
  it.each([[[7, 4]], [[4, 7]], [[5, 5]], [[3, 3, 2, 6]]])(
    '%j has an orthonormal shorter side, times gain',
    (weight) => {
      const data = drawn(initializers.orthogonal({ gain: 2 }), weight);
      const last = weight.at(-1)!;
      const before = data.length / last;
      const long = Math.max(before, last);
      const short = Math.min(before, last);
      const at = (k: number, i: number) => (before >= last ? data[i * last + k]! : data[k * last + i]!);
      for (let a = 0; a < short; ++a) {
        for (let b = 0; b <= a; ++b) {
          let dot = 0;
          for (let i = 0; i < long; ++i) dot += at(a, i) * at(b, i);
          expect(dot).toBeCloseTo(a === b ? 4 : 0, 5);
        }
      }
    },
  );

  it('refuses a weight of one axis', () => {
    const message = 'orthogonal: expected a weight of two axes or more, got [3]';
    expect(() => drawn(initializers.orthogonal(), [3])).toThrow(expect.objectContaining({ message }));
  });
});

describe('options', () => {
  const refused: [() => unknown, string][] = [
    [() => initializers.varianceScaling({ scale: 0 }), 'varianceScaling: expected scale to be a number > 0, got 0'],
    [
      () => initializers.varianceScaling({ mode: 'fan' as never }),
      "varianceScaling: expected mode to be one of 'fan_in', 'fan_out', 'fan_avg', got 'fan'",
    ],
    [() => initializers.alahmari({ equation: 3 as never }), 'alahmari: expected equation to be 1 or 2, got 3'],
    [() => initializers.torchUniform({ fanIn: 0 }), 'torchUniform: expected fanIn to be a number >= 1, got 0'],
    [
      () => initializers.truncatedNormal({ stddev: -1 }),
      'truncatedNormal: expected stddev to be a number >= 0, got -1',
    ],
  ];
  it.each(refused)('%s is refused', (make, message) => {
    expect(make).toThrow(expect.objectContaining({ message }));
  });

  const kept: [string, layers.Initializer][] = [
    ['varianceScaling', initializers.varianceScaling({ scale: 2, mode: 'fan_out', distribution: 'uniform', seed: 4 })],
    ['heNormal', initializers.heNormal({ seed: 4 })],
    ['orthogonal', initializers.orthogonal({ gain: 3 })],
    ['truncatedNormal', initializers.truncatedNormal({ mean: 1, stddev: 2 })],
    ['alahmari', initializers.alahmari({ equation: 2 })],
    ['torchUniform', initializers.torchUniform({ fanIn: 9 })],
  ];
  it.each(kept)('%s comes back from its config', (_name, initializer) => {
    const { className, getConfig } = initializer;
    const config = { class_name: className!, config: getConfig!(), registered_name: null };
    const back = readInitializer(config as never);
    expect([...drawn(back, [6, 5])]).toEqual([...drawn(initializer, [6, 5])]);
  });
});

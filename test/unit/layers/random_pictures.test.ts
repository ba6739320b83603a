// randomTranslation and randomContrast: what they do to a picture, that it is the same anywhere, and nothing outside of training.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Runtime, tensor } from '../../../lib/index.js';
import { deterministicTargets } from '../../support/targets.js';

const plain = createRuntime({ threads: 2 });
afterAll(() => plain.dispose());
const kShape = [3, 8, 10, 2];
const x = Float32Array.from({ length: 3 * 8 * 10 * 2 }, (_, i) => ((i * 37) % 251) / 2);

type Context = { seed?: number; step?: number; training?: boolean; runtime?: Runtime };

function through(layer: layers.Layer, { step = 3, training = true, runtime = plain }: Context = {}): Float32Array {
  return layer.call([tensor(runtime, x, kShape)], { training, step, seed: 1 }).data() as Float32Array;
}
const makers = {
  randomTranslation: (seed = 7) => layers.randomTranslation({ heightFactor: 0.3, widthFactor: [-0.2, 0.1], seed }),
  randomContrast: (seed = 7) => layers.randomContrast({ factor: [0.2, 0.5], valueRange: [0, 300], seed }),
};

describe.each(Object.entries(makers))('%s', (_name, make) => {
  it('has the same bits anywhere, others with another seed or step, and is nothing outside of training', () => {
    const want = through(make());
    for (const { isa } of deterministicTargets) {
      const runtime = createRuntime({ threads: 3, isa });
      expect(through(make(), { runtime })).toEqual(want);
      runtime.dispose();
    }
    expect(through(make(8))).not.toEqual(want);
    expect(through(make(), { step: 4 })).not.toEqual(want);
    expect(through(make(), { training: false })).toEqual(x);
  });
});

it('randomTranslation moves down and to the right by the shares that are drawn, each picture by its own', () => {
  const constant = { fillMode: 'constant', fillValue: -1, interpolation: 'nearest' } as const;
  const moved = through(layers.randomTranslation({ heightFactor: [0.25, 0.25], widthFactor: [0.1, 0.1], ...constant }));
  const at = (n: number, row: number, column: number, c: number) => x[((n * 8 + row) * 10 + column) * 2 + c]!;
  moved.forEach((value, i) => {
    const [n, row, column, c] = [Math.floor(i / 160), Math.floor(i / 20) % 8, Math.floor(i / 2) % 10, i % 2];
    expect(value).toBe(row < 2 || column < 1 ? -1 : at(n, row - 2, column - 1, c));
  });
  // The first value of the result tells where a picture that counts its rows was read.
  const rows = tensor(
    plain,
    Float32Array.from({ length: 64 * 11 }, (_, i) => i % 11),
    [64, 11, 1, 1],
  );
  const drawing = layers.randomTranslation({ heightFactor: 0.4, widthFactor: 0, seed: 5 });
  const shifts = Array.from({ length: 30 }, (_, step) => {
    const y = drawing.call([rows], { training: true, step, seed: 1 }).data();
    return Array.from({ length: 64 }, (_, n) => 5 - y[n * 11 + 5]!);
  }).flat();
  expect(Math.max(...shifts)).toBeGreaterThan(4.2);
  expect(Math.max(...shifts)).toBeLessThan(4.4);
  expect(Math.min(...shifts)).toBeLessThan(-4.2);
  expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-4.4);
  expect(Math.abs(shifts.reduce((sum, one) => sum + one, 0) / shifts.length)).toBeLessThan(0.25);
  expect(new Set(shifts.slice(0, 64)).size).toBeGreaterThan(60);
});

it('randomContrast multiplies the distance from the mean of each channel of each picture by a factor of the picture', () => {
  const factors = Array.from({ length: 200 }, (_, step) => {
    const y = through(layers.randomContrast({ factor: [0.2, 0.5], valueRange: [-1000, 1000], seed: 7 }), { step });
    return [0, 1, 2].map((n) => {
      const found = [0, 1].map((c) => {
        const of = (values: Float32Array) => Array.from({ length: 80 }, (_, i) => values[n * 160 + 2 * i + c]!);
        const mean = of(x).reduce((a, b) => a + b, 0) / 80;
        const ratios = of(y).map((value, i) => (value - mean) / (of(x)[i]! - mean));
        ratios.forEach((ratio) => {
          expect(ratio).toBeCloseTo(ratios[0]!, 2);
        });
        return (of(y)[0]! - mean) / (of(x)[0]! - mean);
      });
      expect(found[0]).toBeCloseTo(found[1]!, 2);
      return found[0]!;
    });
  });
  const all = factors.flat();
  expect(Math.min(...all)).toBeGreaterThan(0.79);
  expect(Math.min(...all)).toBeLessThan(0.82);
  expect(Math.max(...all)).toBeLessThan(1.51);
  expect(Math.max(...all)).toBeGreaterThan(1.47);
  expect(factors.every(([a, b, c]) => a !== b && b !== c)).toBe(true);
  const clipped = through(layers.randomContrast({ factor: 1, valueRange: [20, 100], seed: 7 }));
  expect([Math.min(...clipped), Math.max(...clipped)]).toEqual([20, 100]);
});

it.each<[string, () => unknown]>([
  [
    'randomTranslation: expected heightFactor to be a number from 0 to 1 or an ascending pair from -1 to 1, got 1.5',
    () => layers.randomTranslation({ heightFactor: 1.5, widthFactor: 0 }),
  ],
  [
    'randomContrast: expected factor to be a number from 0 to 1 or a pair of these, got [0.1, 2]',
    () => layers.randomContrast({ factor: [0.1, 2] }),
  ],
  [
    'randomContrast: expected factor to be a number from 0 to 1 or a pair of these, got undefined',
    () => layers.randomContrast({} as { factor: number }),
  ],
  [
    'randomContrast: expected valueRange to be an ascending pair of finite numbers, got [1, 0]',
    () => layers.randomContrast({ factor: 0.1, valueRange: [1, 0] }),
  ],
])('is refused: %s', (message, call) => {
  expect(call).toThrow(expect.objectContaining({ message }));
});

// Noise in training: what is added or multiplied is drawn by place, so it is the same for any threads and instruction set; nothing happens
// outside of training. Controls: another seed, and another step.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type RuntimeOptions, tensor } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';
import { deterministicTargets } from '../../support/targets.js';

const plain = createRuntime({ threads: 2 });
afterAll(() => plain.dispose());
const shape = [5, 16, 16, 8];
const size = 5 * 16 * 16 * 8;
const x = uniforms(99, 1, size);
const made = {
  gaussianNoise: (seed: number) => layers.gaussianNoise({ stddev: 0.25, seed }),
  gaussianDropout: (seed: number) => layers.gaussianDropout({ rate: 0.2, seed }),
  spatialDropout2d: (seed: number) => layers.spatialDropout2d({ rate: 0.25, seed }),
};
type Name = keyof typeof made;
const names = Object.keys(made) as Name[];

function noisy(name: Name, { seed = 7, step = 3, training = true, target }: Options = {}): Float32Array {
  const runtime = target === undefined ? plain : createRuntime(target);
  const y = made[name](seed).call([tensor(runtime, x, shape)], { training, step, seed: 1 });
  const values = y.data() as Float32Array;
  if (target !== undefined) runtime.dispose();
  return values;
}
interface Options {
  seed?: number;
  step?: number;
  training?: boolean;
  target?: RuntimeOptions;
}

describe.each(names)('%s', (name) => {
  it('has the same bits anywhere, others with another seed or step, and none outside of training', () => {
    const want = noisy(name);
    for (const threads of [1, 3]) expect(noisy(name, { target: { threads } })).toEqual(want);
    for (const { isa } of deterministicTargets) expect(noisy(name, { target: { threads: 2, isa } })).toEqual(want);
    expect(noisy(name, { seed: 8 })).not.toEqual(want);
    expect(noisy(name, { step: 4 })).not.toEqual(want);
    expect(noisy(name, { training: false })).toEqual(x);
  });
});

describe('the noise', () => {
  const momentsOf = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return [mean, Math.sqrt(variance)] as const;
  };

  it('is normal, as wide as its options say', () => {
    const [mean, width] = momentsOf(Array.from(noisy('gaussianNoise'), (value, i) => value - x[i]!));
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(width - 0.25)).toBeLessThan(0.01);
    const far = Array.from(noisy('gaussianDropout'), (value, i) => value / x[i]!).filter(
      (_, i) => Math.abs(x[i]!) > 0.1,
    );
    const [one, spread] = momentsOf(far);
    expect(Math.abs(one - 1)).toBeLessThan(0.03);
    expect(Math.abs(spread - 0.5)).toBeLessThan(0.03);
  });

  it('drops whole maps and scales the others', () => {
    const values = noisy('spatialDropout2d');
    const scale = Math.fround(1 / 0.75);
    const kept = new Map<string, boolean>();
    values.forEach((value, i) => {
      const map = `${Math.floor(i / (16 * 16 * 8))} ${i % 8}`;
      const isKept = kept.get(map) ?? value !== 0;
      kept.set(map, isKept);
      expect(value === (isKept ? Math.fround(x[i]! * scale) : 0)).toBe(true);
    });
    expect(new Set(kept.values()).size).toBe(2);
  });

  it.each<[string, () => unknown]>([
    ['gaussianNoise: expected stddev to be a number >= 0, got -1', () => layers.gaussianNoise({ stddev: -1 })],
    ['gaussianDropout: expected rate to be in [0, 1), got 1', () => layers.gaussianDropout({ rate: 1 })],
    ['spatialDropout2d: expected rate to be in [0, 1), got 2', () => layers.spatialDropout2d({ rate: 2 })],
  ])('is refused: %s', (message, call) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});

// Crops of pictures: the place of a random one is drawn from the layer's sequence, every place as often as another, and the picture's
// middle is taken outside of training. What the middle is, Keras judges in test/agreement. Controls: another seed, another step.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, tensor } from '../../../lib/index.js';
import { deterministicTargets } from '../../support/targets.js';

const plain = createRuntime({ threads: 2 });
afterAll(() => plain.dispose());
// Every pixel holds its own number.
const x = Float32Array.from({ length: 2 * 6 * 5 }, (_, i) => i);

function cropped({ seed = 7, step = 3, training = true, runtime = plain } = {}): Float32Array {
  const layer = layers.randomCrop({ height: 4, width: 3, seed });
  return layer.call([tensor(runtime, x, [2, 6, 5, 1])], { training, step, seed: 1 }).data() as Float32Array;
}

describe('randomCrop', () => {
  it('has the same bits anywhere, and the middle outside of training', () => {
    const want = cropped();
    for (const { isa } of deterministicTargets) {
      const runtime = createRuntime({ threads: 3, isa });
      expect(cropped({ runtime })).toEqual(want);
      runtime.dispose();
    }
    const middle = layers.centerCrop({ height: 4, width: 3 });
    const context = { training: false, step: 0, seed: 0 };
    expect(cropped({ training: false })).toEqual(middle.call([tensor(plain, x, [2, 6, 5, 1])], context).data());
  });

  it('takes whole parts from every place, all pictures of a batch from the same', () => {
    const counts = new Map<number, number>();
    for (let step = 0; step < 900; step++) {
      const values = cropped({ step });
      const first = values[0]!;
      counts.set(first, (counts.get(first) ?? 0) + 1);
      const part = Array.from(values, (_, i) => {
        const [sample, at] = [Math.floor(i / 12), i % 12];
        return first + 30 * sample + 5 * Math.floor(at / 3) + (at % 3);
      });
      expect([...values]).toEqual(part);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 5, 6, 7, 10, 11, 12]);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(45);
    const places = (seed: number) => Array.from({ length: 20 }, (_, step) => cropped({ seed, step })[0]);
    expect(places(8)).not.toEqual(places(7));
  });
});

it.each<[string, () => unknown]>([
  ['centerCrop: expected height to be an integer >= 1, got 0', () => layers.centerCrop({ height: 0, width: 1 })],
  ['randomCrop: expected width to be an integer >= 1, got 1.5', () => layers.randomCrop({ height: 1, width: 1.5 })],
  [
    "resizing: expected interpolation to be one of 'bilinear', 'nearest', got 'bicubic'",
    () => layers.resizing({ height: 1, width: 1, interpolation: 'bicubic' as 'nearest' }),
  ],
])('is refused: %s', (message, call) => {
  expect(call).toThrow(expect.objectContaining({ message }));
});

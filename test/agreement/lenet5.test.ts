// LeNet-5 through 200 steps of Adam, from the initial weights of Keras 3.15.1 (keras_lenet5.py): how far the weights then lie from
// Keras's, beside how far two runs of Keras itself lie apart, with 1 and with 2 threads. The first losses differ by a rounding; what a
// rounding does in 200 steps is much in both.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRuntime, layers, optimizers, sequential } from '../../lib/index.js';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const floats = (name: string) => new Float32Array(new Uint8Array(fixture(name)).buffer);
const keras = JSON.parse(fixture('lenet5.jsonl').toString()) as {
  steps: number;
  batch: number;
  losses: number[];
  apart: { max: number; norm: number };
};
const kSamples = 640;
const kPixels = 28 * 28;

/** The pictures of keras_lenet5.py: a pattern of the class under noise. */
function digits(): { x: Float32Array; y: Float32Array } {
  const drawn = new Uint8Array((10 + kSamples) * kPixels);
  let state = 2026;
  for (let i = 0; i < drawn.length; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    drawn[i] = state >>> 24;
  }
  const x = new Float32Array(kSamples * kPixels);
  const y = new Float32Array(kSamples * 10);
  for (let sample = 0; sample < kSamples; ++sample) {
    const label = (sample * 7) % 10;
    y[sample * 10 + label] = 1;
    for (let i = 0; i < kPixels; ++i) {
      const noise = drawn[(10 + sample) * kPixels + i]!;
      x[sample * kPixels + i] = Math.floor((drawn[label * kPixels + i]! + 3 * noise) / 4) / 256;
    }
  }
  return { x, y };
}

const lenet5 = () =>
  sequential([
    layers.input({ shape: [28, 28, 1] }),
    layers.conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
    layers.averagePooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
    layers.averagePooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 120, activation: 'relu' }),
    layers.dense({ units: 84, activation: 'relu' }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);

/** The losses of 200 steps of Adam, and all weights behind them, in Keras's order. */
async function trained(
  optimizer: ReturnType<typeof optimizers.adam>,
): Promise<{ losses: number[]; weights: Float32Array }> {
  const runtime = createRuntime({ mode: 'deterministic' });
  const net = lenet5();
  net.compile({ runtime, optimizer, loss: 'categoricalCrossentropy' });
  const initial = floats('lenet5_initial.f32');
  let at = 0;
  net.setWeights(
    net.getWeights().map(({ length }) => {
      at += length;
      return initial.subarray(at - length, at);
    }),
  );
  expect(at).toBe(initial.length);
  const losses: number[] = [];
  const epochs = (keras.steps * keras.batch) / kSamples;
  const onBatchEnd = ({ loss }: { loss: number }) => void losses.push(loss);
  await net.fit({ ...digits() }, { epochs, batchSize: keras.batch, shuffle: false, callbacks: { onBatchEnd } });
  const all = net.getWeights();
  net.dispose();
  return { losses, weights: Float32Array.from(all.flatMap((one) => [...one])) };
}

describe('LeNet-5 after 200 steps of Adam', () => {
  const apart = (weights: Float32Array) => {
    const wanted = floats('lenet5_trained.f32');
    const differences = weights.map((value, i) => Math.abs(value - wanted[i]!));
    return { max: Math.max(...differences), norm: Math.hypot(...differences) };
  };

  it('is as close to Keras as three times what two runs of Keras differ by', async () => {
    const { losses, weights } = await trained(optimizers.adam());
    const { max, norm } = apart(weights);
    console.log(
      `LeNet-5: ${max} and ${norm} from Keras; Keras from itself: ${keras.apart.max} and ${keras.apart.norm}`,
    );
    expect(losses.length).toBe(keras.steps);
    for (let i = 0; i < 10; ++i) expect(Math.abs(losses[i]! - keras.losses[i]!)).toBeLessThan(1e-6);
    expect(max).toBeLessThan(3 * keras.apart.max);
    expect(norm).toBeLessThan(3 * keras.apart.norm);
  });

  it('control: with another epsilon it is not', async () => {
    const { weights } = await trained(optimizers.adam({ epsilon: 1e-5 }));
    expect(apart(weights).norm).toBeGreaterThan(3 * keras.apart.norm);
  });
});

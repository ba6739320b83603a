// Models that share layers: the weights are those of the layer, whichever model made them.

import { describe, expect, it } from 'vitest';
import { createRuntime, layers, model, sequential, tensor, weightsHash } from '../../../lib/index.js';

const learning = { optimizer: 'sgd:learningRate=0.1', loss: 'meanSquaredError', seed: 7 } as const;
const encoder = () => sequential([layers.input({ shape: [3] }), layers.dense({ units: 2, activation: 'tanh' })]);

describe('a model inside another one', () => {
  it('gives it its input shape where it comes first', () => {
    const whole = sequential([encoder(), layers.dense({ units: 1 })]);
    expect(whole.sampleShapes).toEqual({ x: [3], y: [1] });
    const nested = sequential([sequential([encoder()]), layers.dense({ units: 1 })]);
    expect(nested.sampleShapes).toEqual({ x: [3], y: [1] });
  });

  it('keeps the weights that it has when the other one is compiled, and they learn in both', () => {
    const runtime = createRuntime();
    const inner = encoder().compile({ runtime, ...learning });
    const x = tensor(runtime, [[0, 1, 2]]);
    inner.trainOnBatch(x, tensor(runtime, [[1, -1]]));
    const learnt = weightsHash(inner);
    const whole = sequential([inner, layers.dense({ units: 1 })]).compile({ runtime, ...learning });
    expect(weightsHash(inner)).toBe(learnt);
    whole.trainOnBatch(x, tensor(runtime, [[1]]));
    expect(weightsHash(inner)).not.toBe(learnt);
    expect(inner.getWeights()).toEqual(whole.getWeights().slice(0, 2));
  });

  it('learns where it was compiled to, and not in the other one, where trainable was changed between', () => {
    const runtime = createRuntime();
    const inner = encoder().compile({ runtime, ...learning });
    inner.trainable = false;
    const whole = sequential([inner, layers.dense({ units: 1 })]).compile({ runtime, ...learning });
    const x = tensor(runtime, [[0, 1, 2]]);
    const before = weightsHash(inner);
    whole.trainOnBatch(x, tensor(runtime, [[1]]));
    expect(weightsHash(inner)).toBe(before);
    inner.trainOnBatch(x, tensor(runtime, [[1, -1]]));
    expect(weightsHash(inner)).not.toBe(before);
  });

  it('predicts without being compiled where the other one was, and says what is missing where none was', async () => {
    const runtime = createRuntime();
    const inner = encoder();
    const missing = /expected a compiled model, got one that is not; call compile first/;
    await expect(inner.predict([[0, 1, 2]])).rejects.toThrow(missing);
    const whole = sequential([inner, layers.dense({ units: 1, useBias: false })]).compile({ runtime, ...learning });
    const [a, b] = (await inner.predict([[0, 1, 2]])).data();
    const [, , kernel] = whole.getWeights();
    const [y] = (await whole.predict([[0, 1, 2]])).data();
    expect(y).toBeCloseTo(a! * kernel![0]! + b! * kernel![1]!, 6);
    expect(inner.runtime).toBe(runtime);
    expect(() => inner.trainOnBatch(tensor(runtime, [[0, 1, 2]]), tensor(runtime, [[1, 1]]))).toThrow(missing);
  });

  it('is refused on another runtime than its own', () => {
    const inner = encoder().compile({ runtime: createRuntime(), ...learning });
    const whole = sequential([inner, layers.dense({ units: 1 })]);
    expect(() => whole.compile({ runtime: createRuntime(), ...learning })).toThrow(
      'compile: expected the runtime the weights live on, got another; dispose the model before it moves',
    );
  });
});

it('a model whose inner one was disposed gets values again when it is compiled anew', async () => {
  const runtime = createRuntime();
  const inner = encoder();
  const whole = sequential([inner, layers.dense({ units: 1 })]).compile({ runtime, ...learning });
  inner.dispose();
  whole.compile({ runtime, ...learning });
  expect((await whole.predict([[0, 1, 2]])).shape).toEqual([1, 1]);
});

it('predictOnBatch of several inputs leaves nothing behind but its result', () => {
  const runtime = createRuntime();
  const [a, b] = [layers.input({ shape: [2] }), layers.input({ shape: [2] })];
  const net = model({ inputs: [a, b], outputs: layers.add().apply([a, b]) }).build({ runtime });
  const x = [tensor(runtime, [[1, 2]]), tensor(runtime, [[3, 4]])];
  const before = runtime.memory().blocks;
  const y = net.predictOnBatch(x);
  expect([...y.data()]).toEqual([4, 6]);
  expect(runtime.memory().blocks).toBe(before + 1);
});

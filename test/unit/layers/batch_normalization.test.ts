// Batch normalization, frozen and not: which statistics it normalizes with, which it keeps, and the ends of its ranges.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, optimizers, sequential, tensor } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const { batchNormalization, dense, input } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const x = tensor(
  runtime,
  uniforms(61, 1, 24).map((u) => 4 * u),
  [8, 3],
);
const y = tensor(runtime, uniforms(61, 2, 8).map(Math.round), [8, 1]);

function built(options: layers.BatchNormalizationOptions) {
  const net = sequential([
    input({ shape: [3] }),
    batchNormalization(options),
    dense({ units: 1, activation: 'sigmoid' }),
  ]);
  net.compile({ runtime, loss: 'binaryCrossentropy', optimizer: optimizers.sgd({ learningRate: 0.5 }), seed: 2 });
  const named = () =>
    new Map(net.namedWeights().map(({ name, weight }) => [name.split('/')[1]!, [...weight.tensor.data()]]));
  return { net, named };
}

describe('a frozen layer', () => {
  it('keeps weights and statistics, and computes in training what it computes otherwise', () => {
    const { net, named } = built({ trainable: false, movingMeanInitializer: 'ones' });
    const [before, outputs] = [named(), [...net.predictOnBatch(x).data()]];
    expect([...net.trainOnBatch(x, y).predictions]).toEqual(outputs);
    const after = named();
    for (const name of ['gamma', 'beta', 'moving_mean', 'moving_variance'])
      expect(after.get(name)).toEqual(before.get(name));
    expect(after.get('kernel')).not.toEqual(before.get('kernel'));
    expect(net.countParams()).toEqual({ total: 16, trainable: 4 });
  });
});

describe('a layer that learns', () => {
  it('normalizes with the batch in training and with the moving statistics otherwise', () => {
    const { net, named } = built({ momentum: 0 });
    const outputs = [...net.predictOnBatch(x).data()];
    expect([...net.trainOnBatch(x, y).predictions]).not.toEqual(outputs);
    // With a momentum of 0 the moving mean is that of the last batch.
    const columns = [0, 1, 2].map((c) => [...x.data()].filter((_, i) => i % 3 === c));
    named()
      .get('moving_mean')!
      .forEach((value, c) => {
        expect(value).toBeCloseTo(columns[c]!.reduce((a, b) => a + b) / 8, 5);
      });
  });

  it('with a momentum of 1 keeps its statistics while gamma and beta learn', () => {
    const { net, named } = built({ momentum: 1 });
    const before = named();
    net.trainOnBatch(x, y);
    expect(named().get('moving_mean')).toEqual(before.get('moving_mean'));
    expect(named().get('gamma')).not.toEqual(before.get('gamma'));
    expect(named().get('beta')).not.toEqual(before.get('beta'));
  });

  it.each([
    [{ center: false }, ['gamma', 'moving_mean', 'moving_variance']],
    [{ scale: false }, ['beta', 'moving_mean', 'moving_variance']],
    [{ center: false, scale: false }, ['moving_mean', 'moving_variance']],
    [{}, ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  ])('of %j has the weights %j', (options, names) => {
    const { net } = built(options);
    expect(
      net
        .namedWeights()
        .map(({ name }) => name)
        .filter((name) => name.startsWith('batch')),
    ).toEqual(names.map((name) => `batch_normalization/${name}`));
  });
});

describe('what is refused', () => {
  it.each([
    [{ momentum: -0.01 }, 'momentum to be from 0 to 1', '-0.01'],
    [{ momentum: 1.01 }, 'momentum to be from 0 to 1', '1.01'],
    [{ epsilon: -1e-9 }, 'epsilon to be a number >= 0', '-1e-9'],
    [{ center: 1 }, 'center to be true or false', '1'],
    [{ scale: 'no' }, 'scale to be true or false', "'no'"],
    [{ gammaInitializer: 'one' }, /gammaInitializer to be one of/, "'one'"],
  ])('%j', (options, expected, got) => {
    expect(() => batchNormalization(options as never)).toThrow(
      expected instanceof RegExp ? expected : `batch_normalization: expected ${expected}, got ${got}`,
    );
  });

  it('not: an epsilon of 0', () => {
    expect(() => batchNormalization({ epsilon: 0 })).not.toThrow();
  });
});

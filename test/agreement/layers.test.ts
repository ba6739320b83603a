// The other layers against tfjs-layers, forward and backward, with equal weights.

import { describe, expect, it } from 'vitest';
import { layers, scope, sequential, tensor } from '../../lib/index.js';
import { input } from '../../lib/layers/index.js';
import { draw, expectAgreement, ours, runtime, tfc, tfl, theirs } from './both.js';

const kSeed = 601;

describe('dense agrees with tfjs', () => {
  it.each(['linear', 'relu', 'sigmoid', 'tanh', 'softmax'] as const)('with activation %s', (activation) => {
    const x = draw([5, 7], kSeed);
    const weights = [draw([7, 4], kSeed + 1), draw([4], kSeed + 2)];
    const options = { units: 4, activation } as const;
    expectAgreement(
      ours(layers.dense(options), x, weights, kSeed),
      theirs(tfl.layers.dense(options), x, weights, kSeed),
    );
  });

  it('without bias', () => {
    const x = draw([3, 6], kSeed);
    const weights = [draw([6, 2], kSeed + 1)];
    const options = { units: 2, useBias: false };
    expectAgreement(
      ours(layers.dense(options), x, weights, kSeed),
      theirs(tfl.layers.dense(options), x, weights, kSeed),
    );
  });
});

describe('layers without weights agree with tfjs', () => {
  it.each(['relu', 'sigmoid', 'tanh', 'softmax', 'linear'] as const)('activation %s', (activation) => {
    const x = draw([4, 9], kSeed + 3);
    expectAgreement(
      ours(layers.activation({ activation }), x, [], kSeed),
      theirs(tfl.layers.activation({ activation }), x, [], kSeed),
    );
  });

  it('flatten', () => {
    const x = draw([3, 2, 4, 5], kSeed + 4);
    expectAgreement(ours(layers.flatten(), x, [], kSeed), theirs(tfl.layers.flatten(), x, [], kSeed));
  });

  it('dropout outside training passes its input', () => {
    const x = draw([3, 8], kSeed + 5);
    const options = { rate: 0.5 };
    expectAgreement(ours(layers.dropout(options), x, [], kSeed), theirs(tfl.layers.dropout(options), x, [], kSeed));
  });
});

it('dropout in training keeps the share and the scale that tfjs keeps; the masks are each library’s own', () => {
  const size = 20_000;
  const model = sequential([input({ shape: [size] }), layers.dropout({ rate: 0.25, seed: 3 })]);
  model.make(runtime, 0, 1);
  const mine = scope(() =>
    model
      .call([tensor(runtime, new Float32Array(size).fill(1), [1, size])], { training: true, step: 0, seed: 0 })
      .data(),
  );
  const judged = tfl.layers.dropout({ rate: 0.25, seed: 3 }).apply(tfc.ones([1, size]), { training: true });
  const theirValues = (judged as ReturnType<typeof tfc.ones>).dataSync();
  for (const values of [mine, theirValues]) {
    const kept = values.filter((value) => value !== 0);
    expect(kept.length / size).toBeCloseTo(0.75, 1);
    expect(new Set(Array.from(kept, (value) => value.toFixed(6)))).toEqual(new Set([(1 / 0.75).toFixed(6)]));
  }
});

// Optimizer steps against tfjs-core, ten steps with changing gradients. Where tfjs is not Keras 3: its momentum is
// v = m v + g, w = w - lr v, which is Keras' rule for a constant rate; its centered RMSprop takes epsilon off inside
// the root, sqrt(v - (a^2 + epsilon)), where Keras adds it, so that case is compared with epsilon near 0.

import { describe, expect, it } from 'vitest';
import { optimizers, tensor, zeros } from '../../lib/index.js';
import { expectClose, firstDifference } from '../support/bits.js';
import { draw, foreign, runtime, tfc } from './both.js';

const kSeed = 801;
const kSteps = 10;
const kShape = [3, 17];

const gradientAt = (step: number) => draw(kShape, kSeed + 1 + step);

/** The weight after each step of our optimizer. */
function ours(optimizer: ReturnType<typeof optimizers.sgd>): Float32Array[] {
  const weight = tensor(runtime, draw(kShape, kSeed).data, kShape);
  const slots = Object.fromEntries(optimizer.slots.map((name) => [name, zeros(runtime, kShape)]));
  return Array.from({ length: kSteps }, (_, step) => {
    optimizer.update(weight, tensor(runtime, gradientAt(step).data, kShape), slots);
    return weight.data();
  });
}

/** The weight after each step of the judge's. */
function theirs(optimizer: tfc.Optimizer): Float32Array[] {
  const weight = tfc.variable(foreign(draw(kShape, kSeed)));
  return Array.from({ length: kSteps }, (_, step) => {
    optimizer.applyGradients({ [weight.name]: foreign(gradientAt(step)) });
    return weight.dataSync().slice() as Float32Array;
  });
}

describe('each of ten steps agrees with tfjs', () => {
  const { sgd, rmsprop } = optimizers;
  const rows = [
    ['sgd', sgd({ learningRate: 0.05 }), tfc.train.sgd(0.05)],
    ['sgd with momentum', sgd({ learningRate: 0.05, momentum: 0.9 }), tfc.train.momentum(0.05, 0.9)],
    [
      'sgd with Nesterov momentum',
      sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
      tfc.train.momentum(0.05, 0.9, true),
    ],
    ['rmsprop', rmsprop(), tfc.train.rmsprop(0.001, 0.9, 0, 1e-7)],
    [
      'rmsprop with momentum and a large epsilon',
      rmsprop({ learningRate: 0.01, rho: 0.8, momentum: 0.5, epsilon: 0.01 }),
      tfc.train.rmsprop(0.01, 0.8, 0.5, 0.01),
    ],
  ] as const;

  it.each(rows)('%s', (_name, optimizer, judge) => {
    const [mine, judged] = [ours(optimizer), theirs(judge)];
    mine.forEach((values, step) => {
      expectClose(`step ${step}`, values, judged[step]!, 2e-6);
    });
  });

  it('centered rmsprop from the second step on: in the first the variance is nearly lost in rounding', () => {
    const [mine, judged] = [
      ours(rmsprop({ learningRate: 0.001, epsilon: 1e-12, centered: true })),
      theirs(tfc.train.rmsprop(0.001, 0.9, 0, 1e-12, true)),
    ];
    mine.forEach((values, step) => {
      expectClose(`step ${step}`, values, judged[step]!, 1e-5);
    });
  });
});

it('would notice epsilon outside the root', () => {
  const optimizer = optimizers.rmsprop({ learningRate: 0.01, epsilon: 0.01 });
  const inside = ours(optimizer)[0]!;
  const outside = draw(kShape, kSeed).data.map((w, i) => {
    const g = gradientAt(0).data[i]!;
    return w - (0.01 * g) / (Math.sqrt(0.1 * g * g) + 0.01);
  });
  expect(firstDifference(inside, outside)).toBeDefined();
  expect(() => expectClose('weights', inside, outside, 2e-6)).toThrow();
});

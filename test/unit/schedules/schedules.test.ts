// Schedules in a training: the rate of each step, rounded once, readable, and the bits of rates set by hand.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Model, optimizers, schedules, sequential, tensor } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const decay = { initialLearningRate: 0.1, decaySteps: 2, decayRate: 0.3 };

/** Rates that a model says it used, and the weights behind five steps. */
function train(optimizer: optimizers.Optimizer, before?: (net: Model) => void): [rates: unknown[], weights: string] {
  using net = sequential([layers.input({ shape: [2] }), layers.dense({ units: 1, kernelInitializer: 'ones' })]);
  net.compile({ runtime, optimizer, loss: 'binaryCrossentropy:fromLogits=true' });
  const rates: unknown[] = [];
  for (let i = 0; i < 5; i++) {
    before?.(net);
    rates.push(net.learningRate);
    net.trainOnBatch(tensor(runtime, [1, 2, -1, 0.5], [2, 2]), tensor(runtime, [1, 0], [2, 1]));
  }
  return [rates, JSON.stringify(net.weights.map((weight) => [...weight.tensor.data()]))];
}

const makers = {
  sgd: (learningRate: optimizers.SgdOptions['learningRate']) =>
    optimizers.sgd({ learningRate: learningRate!, momentum: 0.5 }),
  rmsprop: (learningRate: optimizers.RmspropOptions['learningRate']) =>
    optimizers.rmsprop({ learningRate: learningRate! }),
};

describe.each(Object.entries(makers))('%s', (_name, make) => {
  const schedule = schedules.exponentialDecay({ ...decay, staircase: true });
  const expected = [0, 1, 2, 3, 4].map((step) => Math.fround(schedule.rate(step)));

  it('takes the rate of each step from its schedule, as if it were set by hand', () => {
    const [rates, weights] = train(make(schedule));
    expect(rates).toEqual(expected);
    expect(new Set(expected).size).toBe(3);
    const byHand = train(make(7), (net) => {
      net.optimizer.learningRate = expected[net.iterations]!;
    });
    expect(byHand).toEqual([expected, weights]);
    expect(train(make(0.1))[1]).not.toBe(weights);
  });

  it('takes it from words and from a config', () => {
    const words = 'exponentialDecay:initialLearningRate=0.1,decaySteps=2,decayRate=0.3,staircase=true';
    const config = {
      class_name: 'ExponentialDecay',
      config: { initial_learning_rate: 0.1, decay_steps: 2, decay_rate: 0.3, staircase: true },
    };
    for (const said of [words, config]) expect(train(make(said))[0]).toEqual(expected);
  });

  it('refuses a schedule whose rate is none', () => {
    const own = { name: 'own', rate: () => Number.NaN };
    expect(() => train(make(own))).toThrow(
      /^(sgd|rmsprop): expected a schedule whose rates are numbers >= 0, got NaN at step 0$/,
    );
  });
});

describe('a schedule is refused', () => {
  const cosine = { initialLearningRate: 0.1, decaySteps: 3 };
  it.each<[() => unknown, string]>([
    [() => schedules.cosineDecay({ ...cosine, alpha: 2 }), 'cosineDecay: expected alpha to be in [0, 1], got 2'],
    [
      () => schedules.cosineDecay({ ...cosine, warmupSteps: 1.5 }),
      'cosineDecay: expected warmupSteps to be an integer >= 0, got 1.5',
    ],
    [
      () => schedules.cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 0 }),
      'cosineDecayRestarts: expected firstDecaySteps to be a number > 0, got 0',
    ],
    [
      () => schedules.cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 2, tMul: 0.5 }),
      'cosineDecayRestarts: expected tMul to be a number >= 1, got 0.5',
    ],
    [
      () => schedules.stepDecay({ initialLearningRate: 0.1, stepSize: 0 }),
      'stepDecay: expected stepSize to be an integer >= 1, got 0',
    ],
    [
      () => schedules.multiStepDecay({ initialLearningRate: 0.1, milestones: [3, 3] }),
      'multiStepDecay: expected milestones to be ascending integers >= 1, got [3, 3]',
    ],
    [
      () => schedules.warmup({ learningRate: -1, warmupSteps: 3 }),
      'warmup: expected learningRate to be a number >= 0, got -1',
    ],
    [
      () => schedules.cyclic({ baseLearningRate: 0, maxLearningRate: 1, mode: 'square' as never }),
      "cyclic: expected mode to be one of 'triangular', 'triangular2', 'expRange', got 'square'",
    ],
    [
      () => schedules.oneCycle({ maxLearningRate: 1, totalSteps: 9, divFactor: 0 }),
      'oneCycle: expected divFactor to be a number > 0, got 0',
    ],
    [
      () => schedules.inverseTimeDecay({ ...decay, decaySteps: 0 }),
      'inverseTimeDecay: expected decaySteps to be a number > 0, got 0',
    ],
    [
      () => schedules.inverseTimeDecay({ ...decay, decayRate: -1 }),
      'inverseTimeDecay: expected decayRate to be a number >= 0, got -1',
    ],
    [
      () => schedules.polynomialDecay({ initialLearningRate: 1, decaySteps: 2, power: -0.5 }),
      'polynomialDecay: expected power to be a number >= 0, got -0.5',
    ],
    [
      () => schedules.piecewiseConstantDecay({ boundaries: [3, 2], values: [1, 2, 3] }),
      'piecewiseConstantDecay: expected boundaries to ascend, at least one, got [3, 2]',
    ],
    [
      () => schedules.piecewiseConstantDecay({ boundaries: [3], values: [1] }),
      'piecewiseConstantDecay: expected values, one more than boundaries (2), got 1',
    ],
    [() => schedules.constant({ learningRate: -1 }), 'constant: expected learningRate to be a number >= 0, got -1'],
  ])('%s', (make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'ArgumentError', message }));
  });
});

// Words of a command line: parsed, written, and what they make.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatWords } from '../../../lib/classes/index.js';
import { parseWords } from '../../../lib/config/index.js';
import {
  lossFrom,
  metricFrom,
  optimizerConfig,
  optimizerFrom,
  optimizers,
  schedules,
  wordsOf,
} from '../../../lib/index.js';

const kSeed = 16;

describe('words', () => {
  it.each([
    ['sgd', { name: 'sgd', options: {} }],
    ['sgd:learningRate=1e-4,nesterov=true', { name: 'sgd', options: { learningRate: 1e-4, nesterov: true } }],
    ['a:list=[1,.5,x],none=[]', { name: 'a', options: { list: [1, 0.5, 'x'], none: [] } }],
    ['a:inner=(b:c=1,d=(e:f=2)),g=-3', { name: 'a', options: { inner: 'b:c=1,d=(e:f=2)', g: -3 } }],
  ])('%s', (text, words) => {
    expect(parseWords(text)).toEqual(words);
    expect(parseWords(formatWords(words))).toEqual(words);
  });

  const form = "words: expected words such as 'sgd:learningRate=0.01,momentum=0.9'";
  it.each([
    ['', `${form}, got ''`],
    ['3d', `${form}, got '3d'`],
    ['a b', `${form}, got 'a b'`],
    ['a:', `${form}, name=value each, got ''`],
    ['a:b', `${form}, name=value each, got 'b'`],
    ['a:b=', `${form}, name=value each, got 'b='`],
    ['a:__proto__=1', `${form}, name=value each, got '__proto__=1'`],
    ['a:b=1,b=2', "words: expected b once in 'a:b=1,b=2', got it twice"],
  ])('refuse %s', (text, message) => {
    expect(() => parseWords(text)).toThrow(expect.objectContaining({ name: 'ArgumentError', message }));
  });
});

describe(`what words make, seed ${kSeed}`, () => {
  const rate = fc.double({ min: 0, max: 10, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const flag = fc.boolean();
  const decay = fc.record({ initialLearningRate: rate, decaySteps: fc.integer({ min: 1, max: 999 }), decayRate: rate });
  const schedule = fc.oneof(
    decay.map((one) => schedules.inverseTimeDecay(one)),
    decay.map((one) => schedules.exponentialDecay({ ...one, staircase: true })),
    fc.tuple(rate, rate).map((values) => schedules.piecewiseConstantDecay({ boundaries: [7], values })),
  );
  const learningRate = fc.oneof(rate, schedule);
  const optimizer = fc.oneof(
    fc.record({ learningRate, momentum: share, nesterov: flag }).map((one) => optimizers.sgd(one)),
    fc
      .record({
        ...{ learningRate, rho: share, momentum: share, epsilon: rate, centered: flag },
        epsilonPlace: fc.constantFrom('inside' as const, 'outside' as const),
      })
      .map((one) => optimizers.rmsprop(one)),
  );

  it('is what was put into words, and into a config', () => {
    fc.assert(
      fc.property(optimizer, (one) => {
        const config = optimizerConfig(one);
        expect(optimizerConfig(optimizerFrom(wordsOf(one)))).toEqual(config);
        expect(optimizerConfig(optimizerFrom(JSON.parse(JSON.stringify(config))))).toEqual(config);
      }),
      { seed: kSeed },
    );
  });

  it('has epsilon=outside for its place', () => {
    const config = optimizerConfig(optimizerFrom('rmsprop:learningRate=1e-4,epsilon=outside'));
    expect(config).toEqual(optimizerConfig(optimizers.rmsprop({ learningRate: 1e-4, epsilonPlace: 'outside' })));
    expect(config.samebits).toEqual({ epsilon_place: 'outside' });
  });

  it('refuses unknown names and options in words of its own', () => {
    const told = (ask: () => unknown): string => {
      try {
        ask();
        return 'nothing';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told(() => optimizerFrom('lion:learningRate=1'))).toBe(
      "optimizerFrom: expected optimizer to be one of 'adadelta', 'adagrad', 'adam', 'adamax', 'adamw', 'nadam', 'rmsprop', 'sgd', got 'lion:learningRate=1'",
    );
    expect(told(() => optimizerFrom('sgd:learning_rate=1'))).toBe(
      "sgd: expected options learningRate, momentum, nesterov, velocityOf, weightDecay, weightDecayForm, clipnorm, globalClipnorm, clipvalue, gradientAccumulationSteps, got 'learning_rate'; did you mean learningRate?",
    );
    expect(told(() => lossFrom('binaryCrossentropy:clipped=1'))).toBe(
      'binaryCrossentropy: expected clipped to be true or false, got 1',
    );
    expect(told(() => metricFrom('accuracy:name=a', 1))).toBe(
      "metricFrom: expected metrics to be one of 'accuracy', 'mae', 'mse', 'auc', 'binaryAccuracy', 'categoricalAccuracy', 'confusionMatrix', 'dice', 'f1Score', 'fBetaScore', 'meanAbsoluteError', 'meanIoU', 'meanSquaredError', 'precision', 'recall', 'rootMeanSquaredError', 'sparseCategoricalAccuracy', 'sparseTopKCategoricalAccuracy', 'topKCategoricalAccuracy', got 'accuracy:name=a'",
    );
  });
});

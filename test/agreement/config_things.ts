// What Keras has to read of ours: whole networks, and one of everything else.

import {
  type ClassConfig,
  lossConfig,
  losses,
  metricConfig,
  metrics,
  modelConfig,
  optimizerConfig,
  optimizers,
  scheduleConfig,
  schedules,
} from '../../lib/index.js';
import { networks } from '../support/config_networks.js';

const decay = { initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.3 };

/** Schedules by a name for their sample. */
export const scheduleSamples: Readonly<Record<string, schedules.Schedule>> = {
  piecewise: schedules.piecewiseConstantDecay({ boundaries: [3, 5], values: [0.1, 0.03, 0.002] }),
  inverse: schedules.inverseTimeDecay(decay),
  inverse_staircase: schedules.inverseTimeDecay({ ...decay, staircase: true }),
  exponential: schedules.exponentialDecay({ ...decay, staircase: true }),
  exponential_smooth: schedules.exponentialDecay(decay),
  polynomial_root: schedules.polynomialDecay({ initialLearningRate: 0.1, decaySteps: 6, power: 0.5 }),
  cosine: schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 9, alpha: 0.125 }),
  cosine_warmup: schedules.cosineDecay({
    initialLearningRate: 0.0625,
    decaySteps: 5,
    warmupTarget: 0.5,
    warmupSteps: 3,
  }),
  restarts: schedules.cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 3, mMul: 0.5, alpha: 0.0625 }),
  restarts_of_one_length: schedules.cosineDecayRestarts({
    initialLearningRate: 0.1,
    firstDecaySteps: 4,
    tMul: 1,
    mMul: 0.75,
  }),
  polynomial: schedules.polynomialDecay({ initialLearningRate: 0.1, decaySteps: 6 }),
  polynomial_cycle: schedules.polynomialDecay({
    ...{ initialLearningRate: 0.1, decaySteps: 4, endLearningRate: 0.01 },
    ...{ power: 3, cycle: true },
  }),
};

/** One of everything that is no network. */
export const things: Readonly<Record<string, ClassConfig>> = {
  sgd: optimizerConfig(optimizers.sgd({ learningRate: 0.25, momentum: 0.5, nesterov: true })),
  rmsprop: optimizerConfig(
    optimizers.rmsprop({ learningRate: scheduleSamples['piecewise']!, rho: 0.75, epsilon: 1e-5, centered: true }),
  ),
  rmsprop_outside: optimizerConfig(optimizers.rmsprop({ learningRate: 0.5, epsilonPlace: 'outside' })),
  sgd_of_gradients: optimizerConfig(
    optimizers.sgd({ learningRate: 0.25, momentum: 0.5, velocityOf: 'gradients', clipvalue: 0.5 }),
  ),
  adam: optimizerConfig(optimizers.adam({ learningRate: 0.25, beta1: 0.5, beta2: 0.75, amsgrad: true, clipnorm: 2 })),
  adamw: optimizerConfig(
    optimizers.adamw({ learningRate: 0.25, weightDecay: 0.125, weightDecayForm: 'coupled', epsilonForm: 'corrected' }),
  ),
  adamax: optimizerConfig(optimizers.adamax({ learningRate: 0.25, beta1: 0.5, weightDecay: 0.25 })),
  nadam: optimizerConfig(optimizers.nadam({ learningRate: 0.25, beta2: 0.75, globalClipnorm: 0.5 })),
  adagrad: optimizerConfig(
    optimizers.adagrad({ learningRate: 0.25, initialAccumulatorValue: 0.5, epsilonPlace: 'outside' }),
  ),
  adadelta: optimizerConfig(optimizers.adadelta({ learningRate: 0.25, rho: 0.5, epsilon: 1e-5 })),
  binary: lossConfig(losses.binaryCrossentropy({ fromLogits: true })),
  categorical: lossConfig(losses.categoricalCrossentropy()),
  binary_accuracy: metricConfig(metrics.binaryAccuracy()),
  categorical_accuracy: metricConfig(metrics.categoricalAccuracy({ name: 'hits' })),
};

const texts = <T>(table: Readonly<Record<string, T>>, config: (one: T) => ClassConfig) =>
  Object.fromEntries(Object.entries(table).map(([name, one]) => [name, JSON.stringify(config(one))]));

/** All of it as texts in JSON. */
export const ourConfigs = (): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  networks: texts(networks, (make) => modelConfig(make())),
  things: texts(things, (config) => config),
  schedules: texts(scheduleSamples, scheduleConfig),
});

/** inverseTimeDecay: the rate divided by a sum that grows with the steps. */
import { flagOption, numberOption } from '../errors/index.js';
import { rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `exponentialDecay` and `inverseTimeDecay` take. */
export interface DecayOptions {
  /** Rate of the first step. */
  initialLearningRate: number;
  /** How many steps one decay takes. */
  decaySteps: number;
  decayRate: number;
  /** Whether the rate changes at whole multiples of decaySteps only. Default false. */
  staircase?: boolean;
}

/** The options of the decays by rate, checked. Throws ArgumentError for a bad one. */
export const decayOptions = (who: string, options: DecayOptions) => ({
  initialLearningRate: rateOption(who, 'initialLearningRate', options.initialLearningRate),
  decaySteps: stepsOption(who, options.decaySteps),
  decayRate: numberOption(who, 'decayRate', options.decayRate, 'a number >= 0', (x) => x >= 0),
  staircase: flagOption(who, 'staircase', options.staircase ?? false),
});

/** Names of the options of the decays by rate. */
export const decayNames = ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase'] as const;

/**
 * initialLearningRate / (1 + decayRate * step / decaySteps), in doubles, with step / decaySteps first, as Keras:
 * `inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 100, decayRate: 0.5 })`. Throws ArgumentError for an unknown or
 * bad option.
 */
export const inverseTimeDecay = scheduleMaker('inverseTimeDecay', {
  spec: scheduleSpec('InverseTimeDecay', decayNames),
  check: (who, options: DecayOptions) => decayOptions(who, options),
  rate({ initialLearningRate, decaySteps, decayRate, staircase }, step) {
    const share = step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(share) : share));
  },
});

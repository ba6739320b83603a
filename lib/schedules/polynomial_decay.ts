/** polynomialDecay: from one rate to another along a power of what is left of the steps. */
import { flagOption, numberOption } from '../errors/index.js';
import { powerOf } from './elementary.js';
import { rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `polynomialDecay` takes. */
export interface PolynomialDecayOptions {
  /** Rate of the first step. */
  initialLearningRate: number;
  /** How many steps it takes. */
  decaySteps: number;
  /** Default 0.0001. */
  endLearningRate?: number;
  /** At least 0. Default 1. */
  power?: number;
  /** Whether it begins anew behind the end, over as many decaySteps as it takes. Default false. */
  cycle?: boolean;
}

/**
 * (initialLearningRate - endLearningRate) * (1 - step / decaySteps) ^ power + endLearningRate, in doubles:
 * `polynomialDecay({ initialLearningRate: 0.1, decaySteps: 1000 })`. Steps beyond the end
 * count as the end. Throws ArgumentError for an unknown or bad option.
 */
export const polynomialDecay = scheduleMaker('polynomialDecay', {
  spec: scheduleSpec('PolynomialDecay', ['initialLearningRate', 'decaySteps', 'endLearningRate', 'power', 'cycle']),
  check: (who, options: PolynomialDecayOptions) => ({
    initialLearningRate: rateOption(who, 'initialLearningRate', options.initialLearningRate),
    decaySteps: stepsOption(who, options.decaySteps),
    endLearningRate: rateOption(who, 'endLearningRate', options.endLearningRate ?? 1e-4),
    power: numberOption(who, 'power', options.power ?? 1, 'a number >= 0', (x) => x >= 0),
    cycle: flagOption(who, 'cycle', options.cycle ?? false),
  }),
  rate({ initialLearningRate, decaySteps, endLearningRate, power, cycle }, step) {
    const rounds = cycle && step > 0 ? Math.ceil(step / decaySteps) : 1;
    const steps = decaySteps * rounds;
    const left = 1 - (cycle ? step : Math.min(step, steps)) / steps;
    return (initialLearningRate - endLearningRate) * powerOf(left, power) + endLearningRate;
  },
});

/** exponentialDecay: the rate times a power that grows with the steps. */
import { powerOf } from './elementary.js';
import { type DecayOptions, decayNames, decayOptions } from './inverse_time_decay.js';
import { scheduleMaker, scheduleSpec } from './schedule.js';

/**
 * initialLearningRate * decayRate ^ (step / decaySteps), with `staircase` of the whole part of the quotient, in doubles:
 * `exponentialDecay({ initialLearningRate: 0.1, decaySteps: 100, decayRate: 0.96 })`. Throws ArgumentError for an unknown or bad
 * option.
 */
export const exponentialDecay = scheduleMaker('exponentialDecay', {
  spec: scheduleSpec('ExponentialDecay', decayNames),
  check: (who, options: DecayOptions) => decayOptions(who, options),
  rate({ initialLearningRate, decaySteps, decayRate, staircase }, step) {
    const share = step / decaySteps;
    return initialLearningRate * powerOf(decayRate, staircase ? Math.floor(share) : share);
  },
});

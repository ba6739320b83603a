/** exponentialDecay: the rate times a power that grows with the steps. */
import { ArgumentError } from '../errors/index.js';
import { type DecayOptions, decayNames, decayOptions } from './inverse_time_decay.js';
import { scheduleMaker, scheduleSpec, wholePower } from './schedule.js';

/**
 * initialLearningRate * decayRate ^ floor(step / decaySteps), in doubles, the power by one multiplication after the other:
 * `exponentialDecay({ initialLearningRate: 0.1, decaySteps: 100, decayRate: 0.96, staircase: true })`. Throws ArgumentError
 * for an unknown or bad option, and without `staircase` (Keras's default), where the power is no whole number.
 */
export const exponentialDecay = scheduleMaker('exponentialDecay', {
  spec: scheduleSpec('ExponentialDecay', decayNames),
  check(who, options: DecayOptions) {
    const checked = decayOptions(who, options);
    if (checked.staircase) return checked;
    const hint = 'powers that are no whole numbers differ from machine to machine';
    throw new ArgumentError({ who, expected: 'staircase to be true', got: 'false', hint });
  },
  rate: ({ initialLearningRate, decaySteps, decayRate }, step) =>
    initialLearningRate * wholePower(decayRate, Math.floor(step / decaySteps)),
});

/** cosineDecayRestarts: one half wave after the other (Loshchilov and Hutter 2017). */
import { numberOption } from '../errors/index.js';
import { cosineShare } from './cosine_decay.js';
import { factorOption, rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `cosineDecayRestarts` takes. */
export interface CosineDecayRestartsOptions {
  /** Rate of the first step. */
  initialLearningRate: number;
  /** How many steps the first wave takes. */
  firstDecaySteps: number;
  /** How many times as long each wave is as the one before, at least 1. Default 2. */
  tMul?: number;
  /** How many times as high each wave begins as the one before. Default 1. */
  mMul?: number;
  /** Rate of a wave's end, as a share of initialLearningRate, in [0, 1]. Default 0. */
  alpha?: number;
}

/**
 * As cosineDecay, begun anew behind its end, each time over `tMul` times as many steps and from `mMul` times the rate, as Keras:
 * `cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000 })`. Throws ArgumentError for an unknown or bad option.
 */
export const cosineDecayRestarts = scheduleMaker('cosineDecayRestarts', {
  spec: scheduleSpec(
    'CosineDecayRestarts',
    ['initialLearningRate', 'firstDecaySteps', 'tMul', 'mMul', 'alpha'],
    'SGDRDecay',
  ),
  check: (who, options: CosineDecayRestartsOptions) => ({
    initialLearningRate: rateOption(who, 'initialLearningRate', options.initialLearningRate),
    firstDecaySteps: stepsOption(who, options.firstDecaySteps, 'firstDecaySteps'),
    tMul: numberOption(who, 'tMul', options.tMul ?? 2, 'a number >= 1', (x) => x >= 1),
    mMul: numberOption(who, 'mMul', options.mMul ?? 1, 'a number >= 0', (x) => x >= 0),
    alpha: factorOption(who, 'alpha', options.alpha ?? 0),
  }),
  rate({ initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, step) {
    let [left, length, height] = [step, firstDecaySteps, 1];
    // Waves of one length are passed by a division, others one by one: they grow, so there are few.
    if (tMul === 1) {
      const waves = Math.floor(left / length);
      left -= waves * length;
      for (let i = 0; i < waves && height !== 0 && mMul !== 1; i++) height *= mMul;
    } else {
      for (; left >= length; length *= tMul, height *= mMul) left -= length;
    }
    return initialLearningRate * ((1 - alpha) * height * cosineShare(left / length, 0) + alpha);
  },
});

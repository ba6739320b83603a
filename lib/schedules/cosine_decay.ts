/** cosineDecay: along half a wave from one rate to another, with a warm-up before it if one is asked for. */
import { ArgumentError, show } from '../errors/index.js';
import { cosineOfHalfTurn } from './elementary.js';
import { factorOption, rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `cosineDecay` takes. */
export interface CosineDecayOptions {
  /** Rate of the first step. */
  initialLearningRate: number;
  /** How many steps the wave takes, without the warm-up. */
  decaySteps: number;
  /** Rate of the end, as a share of that of the wave's beginning, in [0, 1]. Default 0. */
  alpha?: number;
  /** Rate at the end of the warm-up, where the wave begins. Default: no warm-up. */
  warmupTarget?: number;
  /** Steps of the warm-up, along a line. Default 0. */
  warmupSteps?: number;
}

/** What is left of the rate behind `share` of a wave whose end is `alpha`. */
export const cosineShare = (share: number, alpha: number): number =>
  (1 - alpha) * (0.5 * (1 + cosineOfHalfTurn(share))) + alpha;

/**
 * rate * ((1 - alpha) * (1 + cos(pi * step / decaySteps)) / 2 + alpha), in doubles, as Keras:
 * `cosineDecay({ initialLearningRate: 0, decaySteps: 1000, warmupTarget: 0.1, warmupSteps: 100 })`. Steps beyond the end count as
 * the end. Throws ArgumentError for an unknown or bad option.
 */
export const cosineDecay = scheduleMaker('cosineDecay', {
  spec: scheduleSpec('CosineDecay', ['initialLearningRate', 'decaySteps', 'alpha', 'warmupTarget', 'warmupSteps']),
  check(who, options: CosineDecayOptions) {
    const { warmupTarget: target, warmupSteps = 0 } = options;
    if (!Number.isSafeInteger(warmupSteps) || warmupSteps < 0) {
      throw new ArgumentError({ who, expected: 'warmupSteps to be an integer >= 0', got: show(warmupSteps) });
    }
    return {
      initialLearningRate: rateOption(who, 'initialLearningRate', options.initialLearningRate),
      decaySteps: stepsOption(who, options.decaySteps),
      alpha: factorOption(who, 'alpha', options.alpha ?? 0),
      ...(target !== undefined && { warmupTarget: rateOption(who, 'warmupTarget', target) }),
      warmupSteps,
    };
  },
  rate({ initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps }, step) {
    const before = warmupTarget === undefined ? 0 : warmupSteps;
    if (warmupTarget !== undefined && step < before) {
      return (warmupTarget - initialLearningRate) * (step / before) + initialLearningRate;
    }
    const share = Math.min(step - before, decaySteps) / decaySteps;
    return (warmupTarget ?? initialLearningRate) * cosineShare(share, alpha);
  },
});

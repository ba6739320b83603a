/** stepDecay and multiStepDecay: the rate times a factor behind every so many steps, or behind given ones. */
import { ArgumentError, numberOption, show } from '../errors/index.js';
import { wholePower } from './elementary.js';
import { rateOption, scheduleMaker, scheduleSpec } from './schedule.js';

/** What `stepDecay` takes. */
export interface StepDecayOptions {
  /** Rate of the first step. */
  initialLearningRate: number;
  /** How many steps each rate holds, an integer >= 1. */
  stepSize: number;
  /** What the rate is multiplied by. Default 0.1. */
  gamma?: number;
}

/** What `multiStepDecay` takes. */
export interface MultiStepDecayOptions {
  /** Rate of the first step. */
  initialLearningRate: number;
  /** Numbers of steps behind which the rate changes, ascending. */
  milestones: readonly number[];
  /** What the rate is multiplied by. Default 0.1. */
  gamma?: number;
}

const gammaOption = (who: string, value: unknown) => numberOption(who, 'gamma', value, 'a number >= 0', (x) => x >= 0);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;

/**
 * initialLearningRate * gamma ^ floor(step / stepSize), in doubles, as PyTorch's StepLR asked once a step:
 * `stepDecay({ initialLearningRate: 0.1, stepSize: 1000 })`. Throws ArgumentError for an unknown or bad option.
 */
export const stepDecay = scheduleMaker('stepDecay', {
  spec: { ...scheduleSpec('StepDecay', ['initialLearningRate', 'stepSize', 'gamma']), module: 'samebits' },
  check(who, options: StepDecayOptions) {
    const { stepSize } = options;
    if (!isCount(stepSize)) {
      throw new ArgumentError({ who, expected: 'stepSize to be an integer >= 1', got: show(stepSize) });
    }
    const initialLearningRate = rateOption(who, 'initialLearningRate', options.initialLearningRate);
    return { initialLearningRate, stepSize, gamma: gammaOption(who, options.gamma ?? 0.1) };
  },
  rate: ({ initialLearningRate, stepSize, gamma }, step) =>
    initialLearningRate * wholePower(gamma, Math.floor(step / stepSize)),
});

/**
 * initialLearningRate * gamma ^ (how many milestones are behind), in doubles, as PyTorch's MultiStepLR asked once a step:
 * `multiStepDecay({ initialLearningRate: 0.1, milestones: [1000, 2000] })`. Throws ArgumentError for an unknown or bad option.
 */
export const multiStepDecay = scheduleMaker('multiStepDecay', {
  spec: { ...scheduleSpec('MultiStepDecay', ['initialLearningRate', 'milestones', 'gamma']), module: 'samebits' },
  check(who, options: MultiStepDecayOptions) {
    const { milestones } = options;
    const ascends = Array.isArray(milestones) && milestones.every((at, i) => isCount(at) && !(at <= milestones[i - 1]));
    if (!ascends || milestones.length === 0) {
      throw new ArgumentError({ who, expected: 'milestones to be ascending integers >= 1', got: show(milestones) });
    }
    const initialLearningRate = rateOption(who, 'initialLearningRate', options.initialLearningRate);
    return {
      initialLearningRate,
      milestones: [...milestones] as number[],
      gamma: gammaOption(who, options.gamma ?? 0.1),
    };
  },
  rate: ({ initialLearningRate, milestones, gamma }, step) =>
    initialLearningRate * wholePower(gamma, milestones.filter((milestone) => milestone <= step).length),
});

/** cyclic: up and down between two rates (Smith 2017). */
import { numberOption, wordOption } from '../errors/index.js';
import { wholePower } from './elementary.js';
import { rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `cyclic` takes. */
export interface CyclicOptions {
  /** Lowest rate, that of the first step. */
  baseLearningRate: number;
  /** Highest rate. */
  maxLearningRate: number;
  /** Steps on the way up. Default 2000. */
  stepSizeUp?: number;
  /** Steps on the way down. Default: as on the way up. */
  stepSizeDown?: number;
  /**
   * How the height of a cycle changes: 'triangular' not at all, 'triangular2' half of it is left each time, 'expRange' it is
   * multiplied by gamma ^ step. Default 'triangular'.
   */
  mode?: 'triangular' | 'triangular2' | 'expRange';
  /** Of 'expRange'. Default 1. */
  gamma?: number;
}

const modes = ['triangular', 'triangular2', 'expRange'] as const;

/** What is left of the height by mode. */
const heights = {
  triangular: () => 1,
  triangular2: (_gamma: number, _step: number, cycle: number) => wholePower(0.5, cycle),
  expRange: (gamma: number, step: number) => wholePower(gamma, step),
};

/**
 * baseLearningRate + height * (share of the way), in doubles, as PyTorch's CyclicLR: `cyclic({ baseLearningRate: 0.001,
 * maxLearningRate: 0.1, stepSizeUp: 500 })`. Throws ArgumentError for an unknown or bad option.
 */
export const cyclic = scheduleMaker('cyclic', {
  spec: {
    ...scheduleSpec('Cyclic', ['baseLearningRate', 'maxLearningRate', 'stepSizeUp', 'stepSizeDown', 'mode', 'gamma']),
    module: 'samebits',
  },
  check(who, options: CyclicOptions) {
    const stepSizeUp = stepsOption(who, options.stepSizeUp ?? 2000, 'stepSizeUp');
    return {
      baseLearningRate: rateOption(who, 'baseLearningRate', options.baseLearningRate),
      maxLearningRate: rateOption(who, 'maxLearningRate', options.maxLearningRate),
      stepSizeUp,
      stepSizeDown: stepsOption(who, options.stepSizeDown ?? stepSizeUp, 'stepSizeDown'),
      mode: wordOption(who, 'mode', options.mode ?? 'triangular', modes),
      gamma: numberOption(who, 'gamma', options.gamma ?? 1, 'in [0, 1]', (x) => x >= 0 && x <= 1),
    };
  },
  rate({ baseLearningRate, maxLearningRate, stepSizeUp, stepSizeDown, mode, gamma }, step) {
    const length = stepSizeUp + stepSizeDown;
    const cycle = Math.floor(step / length);
    const at = step - cycle * length;
    const share = at <= stepSizeUp ? at / stepSizeUp : (length - at) / stepSizeDown;
    return baseLearningRate + (maxLearningRate - baseLearningRate) * share * heights[mode](gamma, step, cycle);
  },
});

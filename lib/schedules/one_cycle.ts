/** oneCycle: up to a high rate and down to a low one in all steps of a training (Smith and Topin 2018). */
import { numberOption, wordOption } from '../errors/index.js';
import { cosineOfHalfTurn } from './elementary.js';
import { factorOption, rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `oneCycle` takes. */
export interface OneCycleOptions {
  /** Highest rate. */
  maxLearningRate: number;
  /** All steps of the training. */
  totalSteps: number;
  /** Share of them on the way up, in [0, 1]. Default 0.3. */
  pctStart?: number;
  /** Along half a wave, or a line. Default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
  /** maxLearningRate divided by it is the first rate. Default 25. */
  divFactor?: number;
  /** The first rate divided by it is the last one. Default 10000. */
  finalDivFactor?: number;
}

/**
 * From maxLearningRate / divFactor up to maxLearningRate, then down to the first rate / finalDivFactor, in doubles, as PyTorch's
 * OneCycleLR: `oneCycle({ maxLearningRate: 0.1, totalSteps: 3000 })`. Steps beyond the end count as the end. Throws ArgumentError
 * for an unknown or bad option.
 */
export const oneCycle = scheduleMaker('oneCycle', {
  spec: {
    ...scheduleSpec('OneCycle', [
      'maxLearningRate',
      'totalSteps',
      'pctStart',
      'annealStrategy',
      'divFactor',
      'finalDivFactor',
    ]),
    module: 'samebits',
  },
  check(who, options: OneCycleOptions) {
    const above = (name: string, value: unknown) => numberOption(who, name, value, 'a number > 0', (x) => x > 0);
    return {
      maxLearningRate: rateOption(who, 'maxLearningRate', options.maxLearningRate),
      totalSteps: stepsOption(who, options.totalSteps, 'totalSteps'),
      pctStart: factorOption(who, 'pctStart', options.pctStart ?? 0.3),
      annealStrategy: wordOption(who, 'annealStrategy', options.annealStrategy ?? 'cos', ['cos', 'linear']),
      divFactor: above('divFactor', options.divFactor ?? 25),
      finalDivFactor: above('finalDivFactor', options.finalDivFactor ?? 1e4),
    };
  },
  rate({ maxLearningRate: most, totalSteps, pctStart, annealStrategy, divFactor, finalDivFactor }, step) {
    const first = most / divFactor;
    const [top, end] = [pctStart * totalSteps - 1, totalSteps - 1];
    const between = (from: number, to: number, share: number) => {
      const way = Math.min(Math.max(share, 0), 1);
      if (annealStrategy === 'linear') return from + (to - from) * way;
      return to + ((from - to) / 2) * (1 + cosineOfHalfTurn(way));
    };
    if (step <= top) return between(first, most, top > 0 ? step / top : 1);
    return between(most, first / finalDivFactor, (step - top) / (end - top));
  },
});

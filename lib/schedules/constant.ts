/** constant: one rate for all steps; a word for it where a schedule is asked for. */
import { rateOption, scheduleMaker, scheduleSpec } from './schedule.js';

/** What `constant` takes. */
export interface ConstantOptions {
  learningRate: number;
}

/** One rate: `constant({ learningRate: 0.01 })`. Throws ArgumentError for a rate that is no number >= 0. */
export const constant = scheduleMaker('constant', {
  spec: { ...scheduleSpec('Constant', ['learningRate']), module: 'samebits' },
  check: (who, { learningRate }: ConstantOptions) => ({ learningRate: rateOption(who, 'learningRate', learningRate) }),
  rate: ({ learningRate }) => learningRate,
});

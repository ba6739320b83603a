/** Label smoothing: a share of every target is spread over all classes. */
import { numberOption } from '../errors/index.js';
import { add, multiply } from '../ops/index.js';
import { full, type Tensor } from '../tensor/index.js';

/** The value of the option. Throws ArgumentError unless it is from 0 to 1. */
export const smoothingOption = (who: string, value: number | undefined): number =>
  numberOption(who, 'labelSmoothing', value ?? 0, 'a number from 0 to 1', (share) => share >= 0 && share <= 1);

/** target * (1 - share) + share / classes, each rounded once, as Keras; for a share of 0 the target itself. */
export function smoothed(target: Tensor, share: number, classes: number): Tensor {
  if (share === 0) return target;
  const { runtime } = target;
  return add(multiply(target, full(runtime, [], 1 - share)), full(runtime, [], share / classes));
}

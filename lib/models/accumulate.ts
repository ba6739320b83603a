/**
 * Gradient accumulation: the gradients of some steps become those of one update, their mean. Steps are joined by the join tree, as the
 * samples of a batch are, so that the sum of 2^k batches of 2^j samples is that of one batch of all of them.
 */
import { add, copyInto, divide } from '../ops/index.js';
import type { Optimizer } from '../optimizers/index.js';
import { full, type Tensor } from '../tensor/index.js';
import type { Slots } from './compile.js';

/** The sum of both, which are disposed unless they are kept in slots. */
function joined(before: Tensor, gradient: Tensor): Tensor {
  const sum = add(before, gradient);
  gradient.dispose();
  return sum;
}

/**
 * The gradient of an update out of that of its last step; undefined for a step before, whose gradient is kept in a slot. Level k holds
 * the sum of 2^k steps where bit k of the number of the step in its update is set.
 */
function ofUpdate(gradient: Tensor, slots: Slots, { names, place, steps }: Turn): Tensor | undefined {
  const isLast = place + 1 === steps;
  let sum = gradient;
  let level = 0;
  for (; isLast ? level < names.length : (place >> level) & 1; level++) {
    if ((place >> level) & 1) sum = joined(slots[names[level]!]!, sum);
  }
  if (!isLast) {
    copyInto(slots[names[level]!]!, sum);
    sum.dispose();
    return undefined;
  }
  const mean = divide(sum, full(sum.runtime, [], steps));
  sum.dispose();
  return mean;
}

interface Turn {
  names: readonly string[];
  /** Number of the step in its update, from 0. */
  place: number;
  steps: number;
}

/** The gradients as the optimizer's limits hold them; those that are held are disposed. */
export function limited<S extends readonly (Tensor | null)[] | undefined>(optimizer: Optimizer, slopes: S) {
  const clip = slopes && optimizer.clip?.(slopes.filter((slope) => slope !== null));
  return slopes?.map((slope) => {
    if (slope === null || clip === undefined) return slope;
    const held = clip(slope);
    if (held !== slope) slope.dispose();
    return held;
  });
}

/** The gradients with which an update is made at this step; undefined where it is none. */
export function gradientsOfUpdate(
  { accumulation }: Optimizer,
  slopes: readonly (Tensor | null)[],
  slotsOf: (weight: number) => Slots,
  iterations: number,
): readonly (Tensor | null)[] | undefined {
  if (accumulation === undefined) return slopes;
  const { steps, slots: names } = accumulation;
  const turn = { names, steps, place: iterations % steps };
  const sums = slopes.map((slope, i) => (slope === null ? null : (ofUpdate(slope, slotsOf(i), turn) ?? null)));
  return turn.place + 1 === steps ? sums : undefined;
}

/** dice: how little outputs and targets overlap. */
import { type ClassSpec, configOf, maker } from '../classes/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import * as ops from '../ops/index.js';
import { full, type Tensor } from '../tensor/index.js';
import type { Loss } from './loss.js';
import { meanOf } from './mean.js';
import { checkShares } from './targets.js';

/** What `dice` takes. */
export interface DiceOptions {
  /**
   * Axes over which overlaps are summed, the batch being axis 0: `[1, 2]` gives each picture and channel one of its own. Default
   * null, all of them, as in Keras: the samples of a batch are judged together, and weights of samples are refused.
   */
  axis?: number | readonly number[] | null;
}

const name = 'dice';
const spec: ClassSpec = {
  ...{ className: 'Dice', module: 'keras.losses', options: ['axis'] },
  fixed: { reduction: 'sum_over_batch_size' },
  unread: { name },
};
const kEpsilon = 1e-7; // Keras's

function axesOption(value: unknown): readonly number[] | null {
  if (value === null) return null;
  const axes: readonly unknown[] = Array.isArray(value) ? value : [value];
  const fits = axes.length > 0 && axes.every((axis) => Number.isSafeInteger(axis) && (axis as number) >= 0);
  if (fits && new Set(axes).size === axes.length) return axes as number[];
  throw new ArgumentError({ who: name, expected: 'axis to be null or different axes from 0', got: show(value) });
}

/**
 * 1 - 2 * sum(t * p) / (sum(t) + sum(p) + 1e-7), the mean over the axes that are left; targets are from 0 to 1. Throws ArgumentError
 * for an unknown or bad option. Example: `losses.dice({ axis: [1, 2, 3] })`.
 */
export const dice = maker(spec, (options: DiceOptions = {}): Loss => {
  checkOptions(name, options, spec.options);
  const { axis = null } = options;
  const axes = axesOption(axis);
  const sum = (x: Tensor) => ops.sum(x, axes === null ? {} : { axes });
  return {
    ...{ name, spec, className: spec.className },
    settings: axes === null ? {} : { axis: axes },
    getConfig: () => configOf(spec, { axis }),
    ofBatch: axes === null || axes.includes(0),
    compute(p, t) {
      const scalar = (value: number) => full(p.runtime, [], value);
      const both = ops.add(ops.add(sum(t), sum(p)), scalar(kEpsilon));
      const loss = ops.subtract(scalar(1), ops.divide(ops.multiply(scalar(2), sum(ops.multiply(t, p))), both));
      return loss.rank === 0 ? loss : meanOf(loss);
    },
    checkOutput(who, { shape }) {
      const bad = axes?.find((one) => one > shape.length);
      if (bad === undefined) return;
      const expected = `axis from 0 to ${shape.length} for dice of outputs ${show([...shape])}`;
      throw new ArgumentError({ who, expected, got: `${bad}` });
    },
    checkTargets: (who, targets, shape) => checkShares(who, name, targets, shape, 'write masks as 0 and 1'),
  };
});

/** piecewiseConstantDecay: rates that change behind given steps. */
import { ArgumentError, show } from '../errors/index.js';
import { rateOption, scheduleMaker, scheduleSpec } from './schedule.js';

/** What `piecewiseConstantDecay` takes. */
export interface PiecewiseConstantDecayOptions {
  /** Steps behind which the next rate holds, ascending. */
  boundaries: readonly number[];
  /** The rates, one more than boundaries. */
  values: readonly number[];
}

function numbersOption(who: string, name: string, value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every(Number.isFinite)) return [...value];
  throw new ArgumentError({ who, expected: `${name} to be a list of numbers`, got: show(value) });
}

/**
 * values[0] up to step boundaries[0] (counted from 0), then values[1] up to boundaries[1], ..., as Keras:
 * `piecewiseConstantDecay({ boundaries: [1000], values: [0.1, 0.01] })`. Throws ArgumentError for an unknown or bad option.
 */
export const piecewiseConstantDecay = scheduleMaker('piecewiseConstantDecay', {
  spec: scheduleSpec('PiecewiseConstantDecay', ['boundaries', 'values'], 'PiecewiseConstant'),
  check(who, options: PiecewiseConstantDecayOptions) {
    const boundaries = numbersOption(who, 'boundaries', options.boundaries);
    const values = numbersOption(who, 'values', options.values).map((value) => rateOption(who, 'values', value));
    if (boundaries.length === 0 || boundaries.some((step, i) => i > 0 && step <= boundaries[i - 1]!)) {
      throw new ArgumentError({ who, expected: 'boundaries to ascend, at least one', got: show([...boundaries]) });
    }
    if (values.length !== boundaries.length + 1) {
      const expected = `values, one more than boundaries (${boundaries.length + 1})`;
      throw new ArgumentError({ who, expected, got: `${values.length}` });
    }
    return { boundaries, values };
  },
  rate({ boundaries, values }, step) {
    const at = boundaries.findIndex((boundary) => step <= boundary);
    return values[at < 0 ? boundaries.length : at]!;
  },
});

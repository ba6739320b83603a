/** The checks every statistic makes on what it is given. */
import { ArgumentError, show } from '../errors/index.js';

/** `values` unchanged; throws ArgumentError if there are none or one is not a finite number. */
export function requireNumbers(who: string, values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new ArgumentError({ who, expected: 'at least one number', got: 'none' });
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ArgumentError({ who, expected: 'finite numbers', got: `${show(values[bad])} at index ${bad}` });
  }
  return values;
}

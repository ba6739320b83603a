/** The checks every statistic makes on what it is given. */
import { ArgumentError, show } from '../errors/index.js';

/** `values` unchanged; throws ArgumentError if there are fewer than `least` or one is not a finite number. */
export function requireNumbers(who: string, values: readonly number[], least = 1): readonly number[] {
  if (values.length < least) {
    const expected = least === 1 ? 'at least one number' : `at least ${least} numbers`;
    throw new ArgumentError({ who, expected, got: values.length === 0 ? 'none' : `${values.length}` });
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ArgumentError({ who, expected: 'finite numbers', got: `${show(values[bad])} at index ${bad}` });
  }
  return values;
}

/** `value` unchanged; throws ArgumentError, which calls it `name`, if it is not a finite number. */
export function requireNumber(who: string, name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new ArgumentError({ who, expected: `${name} to be a finite number`, got: show(value) });
}

/**
 * `groups` unchanged; throws ArgumentError if there are fewer than two, one of them is empty or holds a value that is
 * not finite, or none holds more than one value.
 */
export function requireGroups(who: string, groups: readonly (readonly number[])[]): readonly (readonly number[])[] {
  if (groups.length < 2) throw new ArgumentError({ who, expected: 'at least two groups', got: `${groups.length}` });
  for (const group of groups) requireNumbers(who, group);
  if (groups.every((group) => group.length === 1)) {
    const got = `${groups.length} groups of one`;
    throw new ArgumentError({ who, expected: 'at least one group of more than one number', got });
  }
  return groups;
}

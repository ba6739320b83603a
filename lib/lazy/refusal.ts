/** What a schema complains of, as one of our refusals. */
import type { z } from 'zod';
import { ArgumentError, show } from '../errors/index.js';

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** The first complaint of zod: the field, what it has to be, and what came. */
export function refusalOf(who: string, error: z.ZodError, value: unknown): ArgumentError {
  const issue = error.issues[0]!;
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const got = issue.keys.map(show).join(', ');
    return new ArgumentError({ who, expected: `only known fields${place && ` in ${place}`}`, got });
  }
  return new ArgumentError({
    who,
    expected: `${place || 'it'} to be ${issue.message}`,
    got: show(at(value, issue.path)),
  });
}

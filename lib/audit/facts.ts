/** Where two plain values differ. */

/** A place at which two values differ, and both as text. */
export interface Fact {
  name: string;
  recorded: string;
  found: string;
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The first place at which two plain values differ: `compile.optimizer.settings.rho`. */
export function firstFact(name: string, recorded: unknown, found: unknown): Fact | undefined {
  if (!isTable(recorded) || !isTable(found)) {
    const text = (value: unknown) =>
      value === undefined ? 'none' : isTable(value) ? JSON.stringify(value) : `${value}`;
    return Object.is(recorded, found) ? undefined : { name, recorded: text(recorded), found: text(found) };
  }
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(found)])) {
    const different = firstFact(`${name}.${key}`, recorded[key], found[key]);
    if (different !== undefined) return different;
  }
  return undefined;
}

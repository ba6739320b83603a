/** Checks of options that layers, optimizers, models and trainings share; each refusal names the user's option. */
import { ArgumentError, show } from './errors.js';

/** The name that was meant, if one of `known` is near enough: `learning_rate` for learningRate, `epoch` for epochs. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const near = known.map((one) => ({ one, edits: editsBetween(plain(name), plain(one)) }));
  const best = near.reduce((a, b) => (b.edits < a.edits ? b : a), { one: '', edits: Number.POSITIVE_INFINITY });
  return best.edits <= Math.min(2, best.one.length / 3) ? best.one : undefined;
}

/** Letters to insert, remove or replace (Levenshtein 1966). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
  }
  return row[b.length]!;
}

/** Throws ArgumentError unless the options are an object and every one is one of `known`. */
export function checkOptions(who: string, options: object, known: readonly string[]): void {
  const expected = `options ${known.join(', ')}`;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const hint = 'give them by name in one object';
    throw new ArgumentError({ who, expected, got: Array.isArray(options) ? 'a list' : show(options), hint });
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new ArgumentError({ who, expected, got: show(unknown), ...(meant && { hint: `did you mean ${meant}?` }) });
}

/** The named options that were given, in the order of the names: what is undefined is left out. */
export function givenOptions<T extends object, K extends keyof T>(options: T, names: readonly K[]): Pick<T, K> {
  const given = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]])) as Pick<T, K>;
}

/** The value if it is an integer of at least `least`; throws ArgumentError otherwise. */
export function integerOption(who: string, name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new ArgumentError({ who, expected: `${name} to be an integer >= ${least}`, got: show(value) });
}

/** The value if it is a finite number, and one that `holds`; throws ArgumentError, which says `expected`, otherwise. */
export function numberOption(
  who: string,
  name: string,
  value: unknown,
  expected = 'a finite number',
  holds: (value: number) => boolean = () => true,
): number {
  if (typeof value === 'number' && Number.isFinite(value) && holds(value)) return value;
  throw new ArgumentError({ who, expected: `${name} to be ${expected}`, got: show(value) });
}

/** The value if it is true or false; throws ArgumentError otherwise. */
export function flagOption(who: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new ArgumentError({ who, expected: `${name} to be true or false`, got: show(value) });
}

/** The value if it is one of `words`; throws ArgumentError otherwise. */
export function wordOption<T extends string>(who: string, name: string, value: unknown, words: readonly T[]): T {
  if (words.includes(value as T)) return value as T;
  throw new ArgumentError({ who, expected: `${name} to be one of ${words.map(show).join(', ')}`, got: show(value) });
}

/** The value if it is a seed, an integer from 0 to 2^53 - 1; throws ArgumentError otherwise. */
export function seedOption(who: string, name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new ArgumentError({ who, expected: `${name} to be an integer from 0 to 2^53 - 1`, got: show(value) });
}

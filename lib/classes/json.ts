/** What a class looks like as plain data, in Keras 3's form, and how names are spelled on either side. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Options as a config holds them: Keras's names, plain values. */
export type Config = Readonly<Record<string, Json>>;

/**
 * One thing of a network or of how it learns: a layer, an initializer, an optimizer, ... `samebits` holds options that Keras
 * does not have, where they are not what Keras does; Keras passes over them.
 */
export interface ClassConfig {
  readonly module?: string | null;
  readonly class_name: string;
  readonly config: Config;
  readonly registered_name?: string | null;
  readonly samebits?: Config;
}

/** A table of values by name, that is no list. */
export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value says of which class it is; what its config is worth is seen when it is read. */
export const isClassConfig = (value: unknown): value is ClassConfig =>
  isTable(value) && typeof value['class_name'] === 'string';

/** `learning_rate` of `learningRate`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `learningRate` of `learning_rate`. */
export const camelCase = (name: string): string =>
  name.replace(/(?<=[a-z0-9])_+([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

/** Whether two plain values are the same; the order of names does not matter. */
export function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameJson(one, b[i]!));
  if (!isTable(a) || !isTable(b)) return Object.is(a, b) || (a === 0 && b === 0);
  const [left, right] = [a as Config, b as Config];
  const names = Object.keys(left);
  const same = (name: string) => Object.hasOwn(right, name) && sameJson(left[name]!, right[name]!);
  return names.length === Object.keys(right).length && names.every(same);
}

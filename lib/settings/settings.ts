/** What is derived from the table of settings: names, defaults, checks, schemas, comparison, command-line arguments. */
import type { z } from 'zod';
import { ArgumentError, checkOptions, givenOptions, show } from '../errors/index.js';
import { lazySchema } from '../lazy/index.js';
import type { Kind, Zod } from './kinds.js';
import {
  type Always,
  type BeginRequest,
  type CommandName,
  type Row,
  type SettingName,
  type SettingOf,
  type TrainOptions,
  table,
  type ValueOf,
} from './table.js';

/** Settings with values of any kind, for code that treats all alike. */
export type AnySettings = Partial<Record<SettingName, unknown>>;

const rows = Object.entries(table) as [SettingName, Row<unknown>][];

/** Every setting, by name. */
export const settingNames: readonly SettingName[] = rows.map(([name]) => name);

/** The settings of which `holds` is true, in the order of the table. */
export const settingsWhere = (holds: (row: Row<unknown>, name: SettingName) => boolean): SettingName[] =>
  rows.filter(([name, row]) => holds(row, name)).map(([name]) => name);

/** The settings that a command takes. */
export const settingsFor = <const C extends CommandName>(command: C): SettingOf<C>[] =>
  settingsWhere(({ commands }) => commands.includes(command)) as SettingOf<C>[];

/** The row of a setting. */
export const rowOf = (name: SettingName): Row<unknown> => table[name] as Row<unknown>;

/** The settings that were given, without values that say no more than their absence. */
export const withoutAbsent = <T extends AnySettings>(given: T): T =>
  givenOptions(
    given,
    (Object.keys(given) as SettingName[]).filter((name) => given[name] !== rowOf(name).absent) as (keyof T)[],
  ) as T;

/** The settings with the defaults of those that were not given, in the order of the table. */
export function withDefaults(given: BeginRequest): TrainOptions {
  const filled = rows.map(([name, row]) => {
    const fallback = row.unless?.(given) ? undefined : row.default;
    return [name, given[name] ?? fallback] as const;
  });
  return withoutAbsent(Object.fromEntries(filled)) as unknown as TrainOptions;
}

type Fields<N extends SettingName> = {
  [K in N]: K extends Always ? z.ZodType<ValueOf<K>> : z.ZodExactOptional<z.ZodType<ValueOf<K>>>;
};

/** The schemas of settings by name, as fields of an object; those that a training may lack may be absent. */
export function fieldsOf<const N extends SettingName>(zod: Zod, names: readonly N[]): Fields<N> {
  const fields = names.map((name) => {
    const row = rowOf(name);
    const schema = row.schema(zod);
    return [name, row.required || (row.default !== undefined && !row.unless) ? schema : schema.exactOptional()];
  });
  return Object.fromEntries(fields) as Fields<N>;
}

/** The schema of whole settings, as run folders keep them. */
export const settingsSchema = lazySchema((zod) => zod.strictObject(fieldsOf(zod, settingNames)));

const valueSchemas = Object.fromEntries(
  rows.map(([name, row]) => [name, lazySchema((zod) => row.schema(zod))]),
) as Record<SettingName, () => z.ZodType>;

function checkValue(who: string, name: SettingName, value: unknown): void {
  rowOf(name).check?.(value);
  const { error } = valueSchemas[name]().safeParse(value);
  if (error === undefined) return;
  throw new ArgumentError({ who, expected: `${name} to be ${error.issues[0]!.message}`, got: show(value) });
}

/** Throws ArgumentError, in the words of `who`, for a value that its setting cannot have. */
export function checkValues(who: string, given: AnySettings): void {
  for (const name of Object.keys(withoutAbsent(given)) as SettingName[]) checkValue(who, name, given[name]);
}

/**
 * Throws ArgumentError, in the words of `who`, for what is no setting, for a value that its setting cannot have, and for a
 * setting that is required and not given, unless it is that of a run to go on with.
 */
export function checkSettings(who: string, given: AnySettings): void {
  checkOptions(who, given, settingNames);
  const isResumed = given.resume !== undefined;
  for (const [name, row] of rows) {
    const value = given[name];
    if (value === undefined ? isResumed || !row.required : value === row.absent) continue;
    checkValue(who, name, value);
  }
}

/** The first setting that is given without the one it needs. */
export function inNeed(given: AnySettings): { name: SettingName; needs: 'out' | 'trace' } | undefined {
  for (const [name, { needs, absent }] of rows) {
    const value = given[name];
    if (needs === undefined || value === undefined || value === absent || given[needs] !== undefined) continue;
    return { name, needs };
  }
  return undefined;
}

/** A setting in the one form of all that means the same; undefined where it is absent or says no more. */
export function canonical(name: SettingName, settings: AnySettings): unknown {
  const { absent, canonical: form } = rowOf(name);
  const value = settings[name] ?? absent;
  return value === undefined || form === undefined ? value : form(value);
}

/** What two trainings have to share to be one: the settings of this part as plain texts and numbers, without the absent ones. */
export function identityOf(settings: AnySettings): Record<string, string | number> {
  const named = settingsWhere(({ part }) => part === 'identity').flatMap((name) => {
    const value = canonical(name, withoutAbsent(settings));
    if (value === undefined) return [];
    return [[name, typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });
  return Object.fromEntries(named);
}

/** `--image-size` of `imageSize`. */
export const flagOf = (name: SettingName): string => rowOf(name).flag.split(' ')[0]!;

/** Command-line arguments that ask for these settings: `--model keras_convnet --data synthetic ...`. */
export function argumentsOf(settings: AnySettings): string[] {
  return rows.flatMap(([name, row]) => {
    const value = settings[name];
    if (value === undefined) return [];
    const written = (row as Kind<unknown>).write(value);
    return (typeof written === 'string' ? [written] : written).flatMap((text) => [flagOf(name), text]);
  });
}

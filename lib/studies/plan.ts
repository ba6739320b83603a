/** What a study is: plain data, checked field by field before anything runs. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { ArgumentError, show } from '../errors/index.js';
import { readJson } from '../files/index.js';
import { lazySchema, refusalOf } from '../lazy/index.js';
import type { Mode } from '../runtime/index.js';
import { isModulePath } from '../settings/index.js';

/** A value of a setting in a plan, as JSON has it. */
export type PlanValue = string | number | boolean | readonly unknown[] | { readonly [name: string]: unknown };

/** Settings of trainings by name. */
export type PlanSettings = Readonly<Record<string, PlanValue>>;

/**
 * A study: every combination of the values of its factors is a configuration, and each configuration is trained so many times
 * in each mode.
 */
export interface Plan {
  /** Of the study, in its report. */
  name: string;
  /** Settings that all trainings share. */
  fixed: PlanSettings;
  /**
   * A factor called as a setting is a list of its values: `"seed": [0, 42]`. Any other is groups of settings by name:
   * `"pictures": { "small": { "imageSize": 32, "data": "synthetic" }, ... }`.
   */
  factors: Readonly<Record<string, readonly PlanValue[] | Readonly<Record<string, PlanSettings>>>>;
  /** Trainings of each configuration in each mode. */
  modes: Readonly<Partial<Record<Mode, number>>>;
}

/** A plan as it is written: what is not given is empty. */
export type PlanInput = Pick<Plan, 'name' | 'modes'> & Partial<Plan>;

const schema = lazySchema((z) => {
  const name = z
    .string({ error: 'a name' })
    .regex(/^[A-Za-z0-9][\w .-]{0,79}$/, { error: 'a name of letters, digits, spaces and . _ -' });
  const settings = z.record(z.string(), z.json({ error: 'a value' }), { error: 'settings by name' });
  const values = z.array(z.json(), { error: 'a list of values' }).min(1, { error: 'a list of one value or more' });
  const groups = z.record(z.string().min(1), settings, { error: 'a list of values, or settings by name' });
  const runs = z.int({ error: 'a number of trainings, 1 to 999' }).min(1).max(999);
  return z.strictObject({
    name,
    fixed: settings.default({}),
    factors: z
      .record(z.string(), z.union([values, groups], { error: 'a list of values, or groups of settings by name' }))
      .default({}),
    modes: z
      .strictObject(
        { deterministic: runs.exactOptional(), atomic: runs.exactOptional() },
        { error: 'numbers of trainings by mode' },
      )
      .refine((modes) => Object.keys(modes).length > 0, {
        error: "a number of trainings for 'deterministic', 'atomic' or both",
      }),
  }) as unknown as z.ZodType<Plan>;
});

/** A plan from data of unknown shape. Throws ArgumentError naming the first field that does not fit. */
export function parsePlan(value: unknown): Plan {
  const parsed = schema().safeParse(value);
  if (!parsed.success) throw refusalOf('plan', parsed.error, value);
  return parsed.data;
}

/**
 * A plan with what is not given empty. Throws ArgumentError naming the first field that does not fit.
 * Example: `definePlan({ name: 'seeds', fixed: { model: 'keras_convnet', data: 'synthetic' }, factors: { seed: [0, 42] }, modes: { atomic: 5 } })`.
 */
export const definePlan = (plan: PlanInput): Plan => parsePlan(plan);

/**
 * The plan in a file: JSON, or a module (.mjs, .js, .ts) whose default export it is. Rejects with ArgumentError, FileError for a file
 * that cannot be read.
 */
export async function readPlan(path: string): Promise<Plan> {
  if (!isModulePath(path)) return parsePlan(readJson(path));
  const { default: value } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
  if (value === undefined)
    throw new ArgumentError({ who: 'plan', expected: 'a module with a plan as its default export', got: show(path) });
  return parsePlan(value);
}

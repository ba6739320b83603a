/** What the schemas of results share: how JSON tells a value, and pieces that several results have. */
import type { z } from 'zod';
import type { ElementDifference } from '../../audit/index.js';
import type { Machine } from '../../runs/index.js';

/** zod, which is handed to the schemas: a command that prints text does not load it. */
export type Zod = typeof z;

/** A value as JSON tells it: a number that is not finite is null there. */
export type Json<T> = unknown extends T ? T : JsonOf<T>;
type JsonOf<T> = T extends number ? T | null : { [K in keyof T]: Json<T[K]> };

/** The schema of a result as JSON tells it. The compiler holds it to the type of the result, tests to what commands print. */
export type Schema<T> = z.ZodType<Json<T>>;

/** Small words: an integer from 0 on, a number, one that may be null, and the hash that names data and weights. */
export const words = (z: Zod) => ({
  text: z.string(),
  count: z.int().min(0),
  number: z.number(),
  maybe: z.number().nullable(),
  flag: z.boolean(),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

/** The machine that computed. */
export const machine = (z: Zod): Schema<Machine> => {
  const { text, count } = words(z);
  return z.object({ cpu: text, cores: count, memoryMiB: count, platform: text, arch: text, osRelease: text });
};

/** A value of a tensor: in decimal, and its bits. */
export const value = (z: Zod) => z.object({ decimal: z.string(), hex: z.string().regex(/^0x[0-9a-f]+$/) });

/** The first element in which two tensors differ. */
export const element = (z: Zod): Schema<ElementDifference> => {
  const { text, count } = words(z);
  return z.object({
    ...{ tensor: text, dtype: text, shape: z.array(count), at: z.array(count), a: value(z), b: value(z) },
    ...{ ulp: count.nullable(), differing: count, elements: count },
  });
};

/** What every command that reads a finished training tells of it. */
export const runFields = (z: Zod) => {
  const { text, count, hash } = words(z);
  return { run: text, model: text, target: text, seed: count, weightsHash: hash };
};

/**
 * What is made when it is first needed. Packages are loaded through this room alone, so that `import 'samebits'` loads none
 * of them: a program that trains with arrays pays for no picture decoder and no chart.
 */
import { createRequire } from 'node:module';
import type { z } from 'zod';
import { lazily } from './lazily.js';

export { type Extra, expectExtra, extraPackage, extras } from './extras.js';
export { refusalOf } from './refusal.js';
export { lazily };

const require = createRequire(import.meta.url);

/**
 * A package that is loaded when it is first asked for. It has to have a form that can be required; one that has none is
 * imported where it is used, by `await import(...)`. Used as `const sharp = lazyPackage<Sharp>('sharp')`, then `sharp()(bytes)`.
 */
export const lazyPackage = <T>(name: string): (() => T) => lazily(() => require(name) as T);

const zod = lazyPackage<{ z: typeof z }>('zod');

/** A schema that is made when it is first asked for: `const point = lazySchema((z) => z.object({ x: z.number() }))`. */
export const lazySchema = <S>(make: (zod: typeof z) => S): (() => S) => lazily(() => make(zod().z));

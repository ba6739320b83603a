/** Classes of the user's own: what makes one readable, and those a reader is told of. */
import { ArgumentError, show } from '../errors/index.js';
import type { Config } from './json.js';

/** What has a name and can tell its options: every layer, initializer, schedule, optimizer, loss and metric that can be kept. */
export interface Configurable {
  readonly className: string;
  getConfig(): Config;
}

/** The way back of a class: a class with these static members, or any object with them. */
export interface OwnClass<T = unknown> {
  readonly className: string;
  fromConfig(config: Config): T;
}

/** The classes of the user's own, by name. */
export type Registry = ReadonlyMap<string, OwnClass>;

/** No class of the user's own. */
export const noClasses: Registry = new Map();

/**
 * Classes of one's own, for what reads configs: `registry([MyLayer, myLoss])`. A layer has a static `className` (its
 * `kerasName`) and a static `fromConfig`, and its objects a `getConfig`; other things are the same without `static`.
 * Throws ArgumentError for what has no name or no way back, and for a name used twice.
 */
export function registry(classes: readonly OwnClass[], who = 'registry'): Registry {
  if (!Array.isArray(classes)) throw new ArgumentError({ who, expected: 'a list of classes', got: show(classes) });
  const found = new Map<string, OwnClass>();
  for (const one of classes as readonly Partial<OwnClass>[]) {
    const name = one?.className;
    if (typeof name !== 'string' || !/^\w+$/.test(name)) {
      const got = typeof one === 'function' ? `${(one as { name: string }).name} without one` : show(one);
      throw new ArgumentError({ who, expected: 'classes with className, a word', got });
    }
    if (typeof one.fromConfig !== 'function') {
      throw new ArgumentError({ who, expected: `${name} to have fromConfig(config)`, got: show(one.fromConfig) });
    }
    if (found.has(name)) throw new ArgumentError({ who, expected: 'classes of different names', got: `two ${name}` });
    found.set(name, one as OwnClass);
  }
  return found;
}

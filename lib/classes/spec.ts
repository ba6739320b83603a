/**
 * How a class of this package becomes plain data and is made again: one description beside the class holds its name, its
 * options and what Keras can vary and we cannot. Nothing else lists them.
 */
import { ArgumentError, DataError, show } from '../errors/index.js';
import {
  type ClassConfig,
  type Config,
  camelCase,
  isClassConfig,
  isTable,
  type Json,
  sameJson,
  snakeCase,
} from './json.js';
import { type Configurable, noClasses, type OwnClass, type Registry } from './own.js';

/** What a class is called and how its options are kept. */
export interface ClassSpec {
  readonly className: string;
  /** Where Keras has it, such as `keras.layers`; `samebits` for what Keras does not have. */
  readonly module: string;
  /** Names of the options, ours; `getConfig` writes them in snake case. */
  readonly options: readonly string[];
  /** Those that Keras spells in another way than in snake case: `beta_1` of `beta1`. */
  readonly spelled?: Readonly<Record<string, string>>;
  /** What Keras has and we do not, by Keras's names: the one value that means what is done here. */
  readonly fixed?: Config;
  /** What Keras keeps and nothing here depends on, such as the name of a loss: written like this, passed over when read. */
  readonly unread?: Config;
  /** Those of the options that Keras does not have, and the value that means what Keras does. */
  readonly own?: Config;
  /** Makes values of what a config holds, for options that are no plain values. */
  readonly read?: Readonly<Record<string, (value: Json, custom: Registry) => unknown>>;
}

/** A function that makes things of one class: `conv2d(options)`. */
export type Maker<F> = F & { readonly makes: ClassSpec };

/** The function with the description of what it makes. */
export const maker = <F extends (...options: never[]) => unknown>(spec: ClassSpec, make: F): Maker<F> =>
  Object.assign(make, { makes: spec });

/** A thing of this package: its description beside its options. */
export interface Described extends Configurable {
  readonly spec: ClassSpec;
}

const isDescribed = (thing: object): thing is Described => (thing as Partial<Described>).spec !== undefined;

/** A value of an option as plain data. Throws ArgumentError for what cannot be kept, in the words of `who`. */
function plain(who: string, name: string, value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((one) => plain(who, name, one));
  if (typeof value === 'object') {
    const table = Object.getPrototypeOf(value) === Object.prototype && !('getConfig' in value);
    if (!table) return classConfig(value, `${name} of ${who}`) as unknown as Json;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(who, name, one)]));
  }
  throw new ArgumentError({ who, expected: `${name} to be plain data`, got: show(value) });
}

/** How Keras spells an option of this class. */
const inKeras = ({ spelled }: ClassSpec, option: string): string => spelled?.[option] ?? snakeCase(option);

/** The config of a thing of this class that has these options. */
export function configOf(spec: ClassSpec, options: Readonly<Record<string, unknown>>): Config {
  const kept = spec.options.map((name) => [inKeras(spec, name), plain(spec.className, name, options[name])] as const);
  return { ...spec.unread, ...Object.fromEntries(kept), ...spec.fixed };
}

/** The config of an own thing, if it tells one. */
function ownConfig(who: string, thing: Partial<Configurable>): ClassConfig {
  const made = thing.constructor as Partial<OwnClass> & { name: string };
  const className = thing.className ?? made.className;
  const wayBack = thing.className !== undefined || typeof made.fromConfig === 'function';
  if (typeof className === 'string' && typeof thing.getConfig === 'function' && wayBack) {
    const config = Object.entries(thing.getConfig()).map(
      ([key, value]) => [key, plain(className, key, value)] as const,
    );
    return {
      module: null,
      class_name: className,
      config: Object.fromEntries(config),
      registered_name: `Custom>${className}`,
    };
  }
  const hint = 'give it a className, getConfig() and a static fromConfig(config)';
  throw new ArgumentError({ who, expected: 'a class that has a way back', got: className ?? made.name, hint });
}

/**
 * A thing as plain data, in Keras 3's form. Throws ArgumentError, in the words of `who`, for a thing of the user's own that
 * does not tell its config.
 */
export function classConfig(thing: object, who: string): ClassConfig {
  if (!isDescribed(thing)) return ownConfig(who, thing);
  const { spec } = thing;
  const own = new Map(Object.entries(spec.own ?? {}).map(([name, value]) => [inKeras(spec, name), value]));
  const all = Object.entries(thing.getConfig());
  const ours = all.filter(([name, value]) => own.has(name) && !sameJson(value, own.get(name)!));
  return {
    module: spec.module,
    class_name: spec.className,
    config: Object.fromEntries(all.filter(([name]) => !own.has(name))),
    registered_name: null,
    ...(ours.length > 0 && { samebits: Object.fromEntries(ours) }),
  };
}

/** The options that a config of this class holds. Throws DataError for what this class does not have or cannot vary. */
export function optionsOf(spec: ClassSpec, value: ClassConfig, custom: Registry = noClasses): Record<string, unknown> {
  const { className: who, fixed = {}, own = {}, read = {}, unread = {} } = spec;
  const { config, samebits = {} } = value;
  const options: Record<string, unknown> = {};
  const take = (ours: boolean, name: string, told: Json) => {
    const option = camelCase(name);
    const known = spec.options.filter((one) => Object.hasOwn(own, one) === ours);
    if (!known.includes(option)) {
      const expected = `options ${[...known.map((one) => inKeras(spec, one)), ...(ours ? [] : Object.keys(fixed))].join(', ')} in a config`;
      throw new DataError({ who, expected, got: show(name) });
    }
    if (told !== null) options[option] = read[option]?.(told, custom) ?? told;
  };
  for (const [name, told] of Object.entries(config)) {
    if (Object.hasOwn(unread, name)) continue;
    if (!Object.hasOwn(fixed, name)) take(false, name, told);
    else if (told !== null && !sameJson(told, fixed[name]!)) {
      const got = isClassConfig(told) ? told.class_name : JSON.stringify(told);
      throw new DataError({ who, expected: `${name} to be ${JSON.stringify(fixed[name])}`, got });
    }
  }
  for (const [name, told] of Object.entries(samebits)) take(true, name, told);
  return options;
}

/** What makes the things of one kind, by the words of this package (`rmsprop`), which are the names of its exports. */
export type Classes<T> = ReadonlyMap<string, Maker<(options: never) => T>>;

/** The makers among exports, by name: a module's own order is that of whoever loaded it. */
export function classesOf<T>(exports: Readonly<Record<string, unknown>>): Classes<T> {
  const makers = Object.keys(exports)
    .sort()
    .map((name) => [name, exports[name]] as const)
    .filter(([, one]) => typeof one === 'function' && 'makes' in one);
  return new Map(makers as unknown as [string, Maker<(options: never) => T>][]);
}

/** The class config that a value is. Throws DataError, in the words of `who`, for anything else. */
export function expectClassConfig(who: string, what: string, value: unknown): ClassConfig {
  if (isClassConfig(value) && isTable(value.config) && (value.samebits === undefined || isTable(value.samebits))) {
    return value;
  }
  const got = isClassConfig(value) ? `${value.class_name} without one` : show(value);
  throw new DataError({ who, expected: `a config of ${what} as { class_name, config }`, got });
}

/** What reading a class needs: who asks, what kind of thing it is, the classes there are, and the user's own. */
export interface Reading<T> {
  who: string;
  /** Such as `a layer`. */
  what: string;
  classes: Classes<T>;
  custom?: Registry;
}

/**
 * The thing that a config describes. Throws DataError for what is no config and for options that its class does not have, and
 * ArgumentError for an unknown class, by name.
 */
export function fromClassConfig<T>(value: unknown, { who, what, classes, custom = noClasses }: Reading<T>): T {
  const told = expectClassConfig(who, what, value);
  const { class_name: name, registered_name: registered } = told;
  const known = [...classes.values()].find(({ makes }) => makes.className === name);
  const foreign = typeof registered === 'string' && registered.includes('>');
  if (known !== undefined && !foreign) return known(optionsOf(known.makes, told, custom) as never);
  const own = custom.get(name);
  if (own !== undefined) return own.fromConfig(told.config) as T;
  const hint = 'one of your own is made known with registry([...])';
  throw new ArgumentError({ who, expected: `${what} of a class that is known`, got: show(name), hint });
}

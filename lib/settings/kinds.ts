/** What the value of a setting may be, and how the command line reads and writes it. */
import type { z } from 'zod';
import { ArgumentError, show } from '../errors/index.js';
import { capabilities } from '../runtime/index.js';
import { checkFlip, type Flip, flipText, parseFlip } from './flip.js';

/** zod, which is handed to schemas when they are first used: `import 'samebits'` does not load it. */
export type Zod = typeof z;

/** A kind of value. */
export interface Kind<T> {
  /** The value as plain data; its error says what the value has to be. */
  schema: (zod: Zod) => z.ZodType<T>;
  /** Reads a value from the command line. Throws ArgumentError in the words of the flag. */
  read: (flag: string, text: string) => T;
  /** Writes what `read` reads: a list is an option given several times. */
  write: (value: T) => string | readonly string[];
  /** Joins what an option that is given several times has read. */
  join?: (before: T, more: T) => T;
  /** Throws, in words of its own, for a value that the schema would only call wrong. */
  check?: (value: T) => void;
  /** The one form of values that mean the same. */
  canonical?: (value: T) => string | readonly string[];
}

function refuse(who: string, expected: string, text: string, hint?: string): never {
  throw new ArgumentError({ who, expected, got: show(text), ...(hint !== undefined && { hint }) });
}

/** An integer from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  const error = `an integer ${most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`}`;
  return {
    schema: (z) => z.int({ error }).min(least, { error }).max(most, { error }),
    read: (flag, text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? value : refuse(flag, error, text);
    },
    write: String,
  };
}

/** A number above 0, below 1. */
export function fraction(): Kind<number> {
  const error = 'a number above 0, below 1';
  return {
    schema: (z) => z.number({ error }).gt(0, { error }).lt(1, { error }),
    read: (flag, text) => {
      const value = /^0?\.\d{1,17}$/.test(text) ? Number(text) : Number.NaN;
      return value > 0 && value < 1 ? value : refuse(flag, error, text);
    },
    write: String,
  };
}

/** One of a few words. */
export function word<const T extends string>(words: readonly T[]): Kind<T> {
  return {
    schema: (z) => z.enum(words, { error: `one of ${words.map(show).join(', ')}` }) as unknown as z.ZodType<T>,
    read: (flag, text) => {
      const found = words.find((one) => one === text);
      return found ?? refuse(flag, `one of ${words.join(', ')}`, text);
    },
    write: (value) => value,
  };
}

/** A text that is not empty; `what` says of what. `read` refuses more where there is more to know. */
export function text(what: string, read: Kind<string>['read'] = (_flag, given) => given): Kind<string> {
  return { schema: (z) => z.string({ error: what }).min(1, { error: what }), read, write: (value) => value };
}

/** Names of kernels whose partial sums are joined, each once. */
export function kernels(what: string): Kind<readonly string[]> {
  return {
    schema: (z) => z.array(z.string(), { error: what }).min(1, { error: what }).readonly(),
    read: (flag, given) => {
      const { kernels, joins } = capabilities();
      const list = given.split(',');
      const expected = `one of ${joins.join(', ')}`;
      const without = list.find((name) => kernels.includes(name) && !joins.includes(name));
      if (without !== undefined) refuse(flag, expected, without, 'it has no sums to join');
      const unknown = list.find((name) => !joins.includes(name));
      if (unknown !== undefined) refuse(flag, expected, unknown);
      return new Set(list).size === list.length ? list : refuse(flag, 'every word once', given);
    },
    write: (names) => names.join(','),
    canonical: (names) => [...names].sort(),
  };
}

/** Words of which the command line takes one each time the option is given, or `none` for an empty list. */
export function list(what: string): Kind<readonly string[]> {
  const error = `a list of ${what}`;
  return {
    schema: (z) => z.array(z.string({ error }).min(1, { error }), { error }).readonly(),
    read: (flag, given) => {
      if (given === '') refuse(flag, what, given);
      return given === 'none' ? [] : [given];
    },
    write: (words) => (words.length === 0 ? ['none'] : words),
    join: (before, more) => [...before, ...more],
  };
}

/** What the user sets of a model, by name. */
export type NamedOptions = Readonly<Record<string, number | boolean | string>>;

const plain = (given: string): number | boolean | string => {
  if (given === 'true' || given === 'false') return given === 'true';
  const number = given.trim() === '' ? Number.NaN : Number(given);
  return Number.isFinite(number) ? number : given;
};

/** `name=value`, of which the command line takes several. */
export function named(): Kind<NamedOptions> {
  const error = 'numbers, words and truths by name';
  return {
    schema: (z) =>
      z.record(z.string().min(1, { error }), z.union([z.number(), z.boolean(), z.string()], { error }), { error }),
    read: (flag, given) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(given) ?? [];
      return name === undefined ? refuse(flag, 'name=value', given) : { [name]: plain(value!) };
    },
    write: (options) => Object.entries(options).map(([name, value]) => `${name}=${value}`),
    join: (before, more) => ({ ...before, ...more }),
    canonical: (options) =>
      Object.entries(options)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
  };
}

/** `class=weight`, of which the command line takes several. */
export function weights(): Kind<Readonly<Record<number, number>>> {
  const error = 'numbers >= 0 by the number of a class';
  const sorted = (value: Readonly<Record<number, number>>) =>
    Object.entries(value).map(([name, one]) => `${name}=${one}`);
  return {
    schema: (z) =>
      z.record(z.string().regex(/^(?:0|[1-9]\d{0,8})$/, { error }), z.number({ error }).min(0, { error }), { error }),
    read: (flag, given) => {
      const [, label, text] = /^(0|[1-9]\d{0,8})=(\d+\.?\d*(?:e[+-]?\d+)?)$/i.exec(given) ?? [];
      const weight = Number(text);
      return label !== undefined && Number.isFinite(weight)
        ? { [label]: weight }
        : refuse(flag, 'class=weight, a number of a class and a number >= 0', given);
    },
    // Numbers as names are in their order.
    write: sorted,
    join: (before, more) => ({ ...before, ...more }),
    canonical: sorted,
  };
}

/** A bit to flip. */
export function flip(): Kind<Flip> {
  return {
    schema: (z) => {
      const [count, name] = [z.int().min(0), z.string().min(1)];
      const bit = { step: count.min(1), index: count, bit: count.max(31) };
      const weight = z.strictObject({ ...bit, tensor: name });
      const operation = z.union([count.min(1), name]);
      const output = z.strictObject({ ...bit, operation, output: name.exactOptional() });
      return z.union([weight, output], { error: 'a bit of a weight or of what an operation wrote' });
    },
    read: (flag, given) => parseFlip(given, flag),
    write: flipText,
    check: (value) => void checkFlip(value),
    canonical: flipText,
  };
}

/** What a value means that may be a thing itself, words or a config: `compile`, settings and files all take the same. */
import { ArgumentError, show } from '../errors/index.js';
import { type ClassConfig, type Config, isClassConfig } from './json.js';
import { fromClassConfig, type Reading } from './spec.js';
import { parseWords, type Words } from './words.js';

/** A thing, or how one is said: words such as `sgd:learningRate=0.1`, or a config. */
export type Meant<T> = T | string | ClassConfig;

/** What is needed to understand a value. */
export interface Meaning<T> extends Reading<T> {
  /** The option's name, such as `optimizer`. */
  name: string;
  /** Whether a value is a thing itself. */
  isThing(value: unknown): value is T;
  /** Words that whoever asks understands beside the names of classes. */
  beside?: readonly string[];
  /** Options for words, where words have a shorter way to say them. */
  ofWords?(words: Words): Words['options'];
}

/** The thing that a value means. Throws ArgumentError for an unknown name and what is none of the three, as fromClassConfig. */
export function meant<T>(value: Meant<T>, meaning: Meaning<T>): T {
  const { who, name, classes, custom, ofWords = ({ options }) => options } = meaning;
  if (meaning.isThing(value)) return value;
  if (isClassConfig(value)) return fromClassConfig(value, meaning);
  const words = typeof value === 'string' && /[:=]/.test(value) ? parseWords(value, `${who} ${name}`) : undefined;
  const own = custom?.get(words?.name ?? String(value));
  if (own !== undefined && typeof value === 'string') return own.fromConfig((words?.options ?? {}) as Config) as T;
  const make = classes.get(words?.name ?? String(value));
  if (make !== undefined && typeof value === 'string') return make((words ? ofWords(words) : {}) as never);
  const names = [...(meaning.beside ?? []), ...classes.keys(), ...(custom?.keys() ?? [])];
  const expected = `${name} to be one of ${names.map(show).join(', ')}`;
  throw new ArgumentError({ who, expected, got: show(value) });
}

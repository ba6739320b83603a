/**
 * A thing and its options in one word of a command line: `rmsprop:learningRate=1e-4,epsilonPlace=outside`. A list stands in
 * `[...]`, words inside words in `(...)`: `sgd:learningRate=(inverseTimeDecay:initialLearningRate=0.1,decaySteps=9,decayRate=1)`.
 */
import { ArgumentError, printable, show } from '../errors/index.js';

/** A name and options, as words say them. */
export interface Words {
  name: string;
  options: Record<string, unknown>;
}

const form = "words such as 'sgd:learningRate=0.01,momentum=0.9'";

/** The parts of a text between commas that stand in no brackets. */
function parts(text: string): string[] {
  const found = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '[' || letter === '(') depth++;
    if (letter === ']' || letter === ')') depth--;
    if (letter === ',' && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found;
}

const inside = (text: string, open: string, close: string) =>
  text.startsWith(open) && text.endsWith(close) ? text.slice(1, -1) : undefined;

function readValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const list = inside(text, '[', ']');
  if (list !== undefined) return list === '' ? [] : parts(list).map(readValue);
  return inside(text, '(', ')') ?? text;
}

/** The name and the options in words. Throws ArgumentError, in the words of `who`, for what are none. */
export function parseWords(text: string, who = 'words'): Words {
  const [, name, rest] = /^([A-Za-z]\w*)(?::(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new ArgumentError({ who, expected: form, got: show(text) });
  const options: Record<string, unknown> = {};
  for (const part of rest === undefined ? [] : parts(rest)) {
    const [, option, value] = /^([A-Za-z]\w*)=(.+)$/s.exec(part) ?? [];
    if (option === undefined) throw new ArgumentError({ who, expected: `${form}, name=value each`, got: show(part) });
    if (Object.hasOwn(options, option)) {
      throw new ArgumentError({ who, expected: `${option} once in '${printable(text)}'`, got: 'it twice' });
    }
    options[option] = readValue(value!);
  }
  return { name, options };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  return typeof value === 'string' && /[:,=]/.test(value) ? `(${value})` : String(value);
}

/** Words that parse to this name and these options. */
export function formatWords({ name, options }: Words): string {
  const told = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  const text = told.map(([option, value]) => `${option}=${textOf(value)}`).join(',');
  return text === '' ? name : `${name}:${text}`;
}

/** The words of a thing that has a name and settings: `wordsOf(sgd({ learningRate: 0.1 }))`. */
export const wordsOf = ({ name, settings = {} }: { name: string; settings?: object }): string =>
  formatWords({ name, options: { ...settings } });

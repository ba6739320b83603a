/** Callbacks of a training; those that decide how it goes on are settings of a run, as words. */
import { classesOf, meant, wordsOf } from '../classes/index.js';
import { ArgumentError, show } from '../errors/index.js';
import type { FitCallbacks } from '../models/index.js';
import type { Callback } from './callback.js';
import * as members from './deciding.js';

export type { Callback } from './callback.js';
export * as callbacks from './public.js';

const classes = classesOf<Callback>(members as never);
const isCallback = (value: unknown): value is Callback => typeof (value as Callback | null)?.decides === 'boolean';

/** The callbacks that words mean: `earlyStopping:patience=3`. Throws ArgumentError for others and for bad options. */
export const callbacksFrom = (who: string, words: readonly string[]): Callback[] =>
  words.map((one) =>
    meant<Callback>(one, { who, name: 'callbacks', what: 'a callback', classes, isThing: isCallback }),
  );

/** Those that decide, in their order. */
export const deciding = (list: readonly FitCallbacks[]): Callback[] =>
  list.filter(isCallback).filter(({ decides }) => decides);

/** The words of callbacks that decide. Throws ArgumentError, in the words of `who`, for one with a function in it. */
export const callbackWords = (who: string, list: readonly Callback[]): string[] =>
  list.map(({ name, settings }) => {
    if (settings !== undefined) return wordsOf({ name, settings: wordy(settings) });
    const hint = 'a schedule in place of a function can be kept';
    throw new ArgumentError({ who, expected: 'callbacks that decide to be data beside run', got: show(name), hint });
  });

/** Options as words hold them: a schedule by its own words. */
const wordy = (settings: object): object =>
  Object.fromEntries(
    Object.entries(settings).map(([option, value]) => [
      option,
      typeof value === 'object' && value !== null && 'rate' in value ? wordsOf(value as { name: string }) : value,
    ]),
  );

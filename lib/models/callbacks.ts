/** Who is told while a model learns: one object of functions by Keras's names, or several. */
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import type { BatchEnd, EpochLogs } from './fit.js';
import type { Model, OnGradients } from './model.js';

/** What is told before the first step of a fit. */
export interface TrainBegin {
  model: Model;
  /** Number of the epoch to stop before. */
  epochs: number;
  /** Steps in an epoch; undefined where nobody knows it. */
  steps: number | undefined;
  /** Names of what will be measured; a metric that is a list by its own name. */
  measures: readonly string[];
  /** What was measured in the epochs before: of a run that goes on. A callback that decides judges them again. */
  done: readonly EpochLogs[];
  /** The weights after one of them, in the order of `getWeights`; undefined where nothing keeps them. */
  weightsAfter?(epoch: number): Float32Array[] | undefined;
}

/** What is told before a step; epoch and step count from 0. */
export interface BatchBegin {
  epoch: number;
  step: number;
  steps: number | undefined;
}

/**
 * Who is told while a model learns; `fit` goes on when what they return is settled. `model.stopTraining = true` in one of them ends
 * the training after the batch, beside `run` after the epoch, and what was measured is kept.
 */
export interface FitCallbacks {
  onTrainBegin?: (begin: TrainBegin) => void | Promise<void>;
  onEpochBegin?: (epoch: number) => void | Promise<void>;
  onBatchBegin?: (begin: BatchBegin) => void | Promise<void>;
  /** In a step, before its gradients are used; the tensors are disposed afterwards. */
  onGradients?: OnGradients;
  onBatchEnd?: (end: BatchEnd) => void | Promise<void>;
  /** After the steps of an epoch, before its validation. */
  onValidationBegin?: (epoch: number) => void | Promise<void>;
  onEpochEnd?: (epoch: EpochLogs) => void | Promise<void>;
  /** After the last epoch, also where training was stopped. */
  onTrainEnd?: (history: readonly EpochLogs[]) => void | Promise<void>;
}

/** What `fit` takes as callbacks. */
export type CallbacksOption = FitCallbacks | readonly FitCallbacks[];

export const callbackNames = [
  ...(['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onGradients', 'onBatchEnd', 'onValidationBegin'] as const),
  ...(['onEpochEnd', 'onTrainEnd'] as const),
] satisfies (keyof FitCallbacks)[];

const isPlain = (value: object) => Object.getPrototypeOf(value) === Object.prototype && !('spec' in value);

/**
 * The callbacks as a list. Throws ArgumentError for what is no object of functions by their names, or a list of such; an object of
 * a class may have more members.
 */
export function checkCallbacks(given: CallbacksOption): readonly FitCallbacks[] {
  const who = 'fit callbacks';
  const list = Array.isArray(given) ? (given as readonly FitCallbacks[]) : [given as FitCallbacks];
  for (const one of list) {
    if (typeof one !== 'object' || one === null || isPlain(one)) checkOptions(who, one, callbackNames);
    for (const name of callbackNames) {
      const value: unknown = one[name];
      if (value === undefined || typeof value === 'function') continue;
      throw new ArgumentError({ who, expected: `${name} to be a function`, got: show(value) });
    }
  }
  return list;
}

type Told = (told: unknown) => unknown;

/** Tells one after the other; each waits for the promise of the one before. */
const inTurn =
  (all: readonly Told[]): Told =>
  (told) => {
    const from = (i: number): unknown => {
      for (let at = i; at < all.length; at++) {
        const done = all[at]!(told);
        if (done instanceof Promise) return done.then(() => from(at + 1));
      }
      return undefined;
    };
    return from(0);
  };

/** All of them as one: each is told in turn, in the order of the list. */
export function joined(list: readonly FitCallbacks[]): FitCallbacks {
  const told = callbackNames.flatMap((name) => {
    const all = list.flatMap((one) => (one[name] === undefined ? [] : [(one[name] as Told).bind(one)]));
    return all.length === 0 ? [] : [[name, inTurn(all)] as const];
  });
  return Object.fromEntries(told) as FitCallbacks;
}

/** Regularizers: penalties for large weights, added to the loss, with the names and defaults of Keras. */
import {
  type ClassSpec,
  type Configurable,
  classesOf,
  configOf,
  type Described,
  fromClassConfig,
  type Json,
  maker,
  type Registry,
} from '../classes/index.js';
import { ArgumentError, checkOptions, numberOption, show, wordOption } from '../errors/index.js';
import { abs, add, multiply, square, sum } from '../ops/index.js';
import { full, type Tensor } from '../tensor/index.js';

/** Punishes a weight. One that a config is to hold has `className` and `getConfig`, too. */
export interface Regularizer extends Partial<Configurable> {
  /** What is added to the loss: a scalar, differentiable by the weight. */
  penalty(weight: Tensor): Tensor;
}

type Factor = 'l1' | 'l2';

/** What `l1l2` takes. */
export interface L1L2Options {
  /** Times the sum of absolute values. Default 0. */
  l1?: number;
  /** Times the sum of squares. Default 0. */
  l2?: number;
}

const sums: Readonly<Record<Factor, (weight: Tensor) => Tensor>> = {
  l1: (weight) => sum(abs(weight)),
  l2: (weight) => sum(square(weight)),
};

/** One that adds up, in this order, what its options name, each by itself 0.01 or together 0 by default. */
function ofFactors<O extends L1L2Options>(className: string, who: string, names: readonly Factor[]) {
  const spec: ClassSpec = { className, module: 'keras.regularizers', options: names };
  return maker(spec, (options: O = {} as O): Regularizer & Described => {
    checkOptions(who, options, names);
    const otherwise = names.length === 1 ? 0.01 : 0;
    const factors = names.map((name) => {
      const value = numberOption(who, name, options[name] ?? otherwise, 'a number >= 0', (factor) => factor >= 0);
      return [name, value] as const;
    });
    return {
      ...{ spec, className, getConfig: () => configOf(spec, Object.fromEntries(factors)) },
      penalty(weight) {
        const scalar = (value: number) => full(weight.runtime, [], value);
        const parts = factors
          .filter(([, factor]) => factor > 0)
          .map(([name, factor]) => multiply(scalar(factor), sums[name](weight)));
        return parts.length === 0 ? scalar(0) : parts.reduce((all, part) => add(all, part));
      },
    };
  });
}

/** l1 times the sum of |w|, 0.01 by default: `regularizers.l1({ l1: 1e-4 })`. Throws ArgumentError for a bad option. */
export const l1 = ofFactors<Pick<L1L2Options, 'l1'>>('L1', 'l1', ['l1']);

/** l2 times the sum of w^2, 0.01 by default: `regularizers.l2({ l2: 1e-4 })`. Throws ArgumentError for a bad option. */
export const l2 = ofFactors<Pick<L1L2Options, 'l2'>>('L2', 'l2', ['l2']);

/** Both, 0 by default: `regularizers.l1l2({ l1: 1e-5, l2: 1e-4 })`. Throws ArgumentError for a bad option. */
export const l1l2 = ofFactors<L1L2Options>('L1L2', 'l1l2', ['l1', 'l2']);

const byName = { l1, l2, l1l2 };
const classes = classesOf<Regularizer>(byName);

/** A regularizer, or the name of one with its defaults. */
export type RegularizerOption = keyof typeof byName | Regularizer;

/** The regularizer an option means. Throws ArgumentError for an unknown name. */
export function regularizerOption(who: string, name: string, value: RegularizerOption): Regularizer {
  if (typeof value === 'string') return byName[wordOption(who, name, value, Object.keys(byName) as Factor[])]();
  if (typeof value?.penalty === 'function') return value;
  throw new ArgumentError({ who, expected: `${name} to be a regularizer or its name`, got: show(value) });
}

/** The regularizer of a config. Throws DataError for what is no config, ArgumentError for an unknown class. */
export const readRegularizer = (value: Json, custom?: Registry): Regularizer =>
  fromClassConfig(value, { who: 'regularizer', what: 'a regularizer', classes, ...(custom && { custom }) });

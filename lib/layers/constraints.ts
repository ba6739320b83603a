/** Constraints: what weights are put back to behind every step of the optimizer, with the names and defaults of Keras. */
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
import { add, clip, divide, maximum, multiply, sqrt, square, sum } from '../ops/index.js';
import { full, type Tensor } from '../tensor/index.js';

/** Holds a weight. One that a config is to hold has `className` and `getConfig`, too. */
export interface Constraint extends Partial<Configurable> {
  /** The weight as it may be: a new tensor of its shape. */
  apply(weight: Tensor): Tensor;
}

/** What `unitNorm` takes. */
export interface UnitNormOptions {
  /** Axes whose values have one norm together. Default 0; of a convolution's filters `[0, 1, 2]`. */
  axis?: number | readonly number[];
}

/** What `maxNorm` takes. */
export interface MaxNormOptions extends UnitNormOptions {
  /** The largest norm. Default 2. */
  maxValue?: number;
}

const module = 'keras.constraints';
const kEpsilon = 1e-7; // Keras's

function axesOption(who: string, value: unknown): readonly number[] {
  const axes: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (axes.length > 0 && axes.every((axis) => Number.isSafeInteger(axis))) return axes as number[];
  throw new ArgumentError({ who, expected: 'axis to be an integer or a list of integers', got: show(value) });
}

const scalar = (like: Tensor, value: number) => full(like.runtime, [], value);
const normsOf = (w: Tensor, axes: readonly number[]) => sqrt(sum(square(w), { axes, keepDims: true }));

const maxNormSpec: ClassSpec = { className: 'MaxNorm', module, options: ['maxValue', 'axis'] };

/**
 * w * (min(norm, maxValue) / (1e-7 + norm)), with the norm over `axis`: `constraints.maxNorm({ maxValue: 3 })`. Throws ArgumentError
 * for a bad option.
 */
export const maxNorm = maker(maxNormSpec, (options: MaxNormOptions = {}): Constraint & Described => {
  checkOptions('maxNorm', options, maxNormSpec.options);
  const { axis = 0 } = options;
  const axes = axesOption('maxNorm', axis);
  const maxValue = numberOption('maxNorm', 'maxValue', options.maxValue ?? 2, 'a number >= 0', (most) => most >= 0);
  return {
    ...{ spec: maxNormSpec, className: 'MaxNorm', getConfig: () => configOf(maxNormSpec, { maxValue, axis }) },
    apply(w) {
      const norms = normsOf(w, axes);
      const desired = clip(norms, { low: 0, high: maxValue });
      return multiply(w, divide(desired, add(scalar(w, kEpsilon), norms)));
    },
  };
});

const unitNormSpec: ClassSpec = { className: 'UnitNorm', module, options: ['axis'] };

/** w / (1e-7 + norm), with the norm over `axis`: `constraints.unitNorm()`. Throws ArgumentError for a bad option. */
export const unitNorm = maker(unitNormSpec, (options: UnitNormOptions = {}): Constraint & Described => {
  checkOptions('unitNorm', options, unitNormSpec.options);
  const { axis = 0 } = options;
  const axes = axesOption('unitNorm', axis);
  return {
    ...{ spec: unitNormSpec, className: 'UnitNorm', getConfig: () => configOf(unitNormSpec, { axis }) },
    apply: (w) => divide(w, add(scalar(w, kEpsilon), normsOf(w, axes))),
  };
});

const nonNegSpec: ClassSpec = { className: 'NonNeg', module, options: [] };

/** max(w, 0): `constraints.nonNeg()`. Throws ArgumentError for any option. */
export const nonNeg = maker(nonNegSpec, (options: Record<string, never> = {}): Constraint & Described => {
  checkOptions('nonNeg', options, []);
  return {
    ...{ spec: nonNegSpec, className: 'NonNeg', getConfig: () => ({}) },
    apply: (w) => maximum(w, scalar(w, 0)),
  };
});

const byName = { maxNorm, nonNeg, unitNorm };
const names = Object.keys(byName) as (keyof typeof byName)[];
const classes = classesOf<Constraint>(byName);

/** A constraint, or the name of one with its defaults. */
export type ConstraintOption = keyof typeof byName | Constraint;

/** The constraint an option means. Throws ArgumentError for an unknown name. */
export function constraintOption(who: string, name: string, value: ConstraintOption): Constraint {
  if (typeof value === 'string') return byName[wordOption(who, name, value, names)]();
  if (typeof value?.apply === 'function') return value;
  throw new ArgumentError({ who, expected: `${name} to be a constraint or its name`, got: show(value) });
}

/** The constraint of a config. Throws DataError for what is no config, ArgumentError for an unknown class. */
export const readConstraint = (value: Json, custom?: Registry): Constraint =>
  fromClassConfig(value, { who: 'constraint', what: 'a constraint', classes, ...(custom && { custom }) });

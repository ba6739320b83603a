/** First values of weights, with the names and defaults of Keras. */
import {
  type ClassSpec,
  type Config,
  type Configurable,
  classesOf,
  configOf,
  type Described,
  fromClassConfig,
  type Json,
  maker,
  type Registry,
} from '../classes/index.js';
import { ArgumentError, checkOptions, numberOption, seedOption, show, wordOption } from '../errors/index.js';
import { randomNormal as drawNormal, randomUniform as drawUniform } from '../ops/index.js';
import type { Sequence } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { full, type Shape, sizeOf, type Tensor } from '../tensor/index.js';

/** Makes the first values of a weight. One that a config is to hold has `className` and `getConfig`, too. */
export interface Initializer extends Partial<Configurable> {
  /** A seed of its own; without one the run's seed is used. */
  readonly seed: number | undefined;
  values(runtime: Runtime, shape: Shape, sequence: Sequence): Tensor;
}

/** Option of every random initializer. */
export interface SeedOption {
  /** Integer from 0 to 2^53 - 1. Default: the run's seed. */
  seed?: number;
}

const seedOf = (who: string, { seed }: SeedOption) => (seed === undefined ? undefined : seedOption(who, 'seed', seed));

const finite = (who: string, name: string, value: unknown) =>
  numberOption(who, name, value, 'a finite number', () => true);

const specOf = (className: string, options: readonly string[], fixed: Config = {}): ClassSpec => ({
  className,
  module: 'keras.initializers',
  options,
  fixed,
});

/** An initializer of a class, with these options. */
function initializer(
  spec: ClassSpec,
  options: Readonly<Record<string, unknown>> & { readonly seed?: number | undefined },
  values: Initializer['values'],
): Initializer & Described {
  return { spec, className: spec.className, seed: options.seed, getConfig: () => configOf(spec, options), values };
}

const constantSpec = specOf('Constant', ['value']);

/** Every value the same: `constant({ value: 0.1 })`. Throws ArgumentError for what is no finite number. */
export const constant = maker(constantSpec, (options: { value: number }): Initializer => {
  checkOptions('constant', options, ['value']);
  const value = finite('constant', 'value', options.value);
  return initializer(constantSpec, { value }, (runtime, shape) => full(runtime, shape, value));
});

/** An initializer without options. */
function same(className: string, value: number) {
  const spec = specOf(className, []);
  return maker(spec, (options: Record<string, never> = {}): Initializer => {
    checkOptions(className.toLowerCase(), options, []);
    return initializer(spec, {}, (runtime, shape) => full(runtime, shape, value));
  });
}

/** All zeros. */
export const zeros = same('Zeros', 0);

/** All ones. */
export const ones = same('Ones', 1);

const uniformSpec = specOf('RandomUniform', ['minval', 'maxval', 'seed']);

/** Uniform in [minval, maxval), by default [-0.05, 0.05). Throws ArgumentError for an unknown or bad option. */
export const randomUniform = maker(
  uniformSpec,
  (options: { minval?: number; maxval?: number } & SeedOption = {}): Initializer => {
    const who = 'randomUniform';
    checkOptions(who, options, uniformSpec.options);
    const minval = finite(who, 'minval', options.minval ?? -0.05);
    const maxval = numberOption(who, 'maxval', options.maxval ?? 0.05, `a number >= ${minval}`, (x) => x >= minval);
    return initializer(uniformSpec, { minval, maxval, seed: seedOf(who, options) }, (runtime, shape, sequence) =>
      drawUniform(runtime, shape, sequence, { low: minval, high: maxval }),
    );
  },
);

const normalSpec = specOf('RandomNormal', ['mean', 'stddev', 'seed']);

/** Normal with this mean and standard deviation, by default 0 and 0.05. Throws ArgumentError for an unknown or bad option. */
export const randomNormal = maker(
  normalSpec,
  (options: { mean?: number; stddev?: number } & SeedOption = {}): Initializer => {
    const who = 'randomNormal';
    checkOptions(who, options, normalSpec.options);
    const mean = finite(who, 'mean', options.mean ?? 0);
    const stddev = numberOption(who, 'stddev', options.stddev ?? 0.05, 'a number >= 0', (x) => x >= 0);
    return initializer(normalSpec, { mean, stddev, seed: seedOf(who, options) }, (runtime, shape, sequence) =>
      drawNormal(runtime, shape, sequence, { mean, stddev }),
    );
  },
);

/**
 * How many inputs and outputs meet in a weight, as Keras counts: the last two axes times the window that the axes before them
 * span; of one axis its length is both, of none 1.
 */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const window = sizeOf(shape.slice(0, -2));
  const last = shape.at(-1) ?? 1;
  return { fanIn: window * (shape.at(-2) ?? last), fanOut: window * last };
}

/** Uniform in [-l, l), where l depends on the fans. */
function scaledUniform(className: string, limit: (fanIn: number, fanOut: number) => number) {
  const spec = specOf(className, ['seed'], { input_axes: null, output_axes: null });
  const who = `${className[0]!.toLowerCase()}${className.slice(1)}`;
  return maker(spec, (options: SeedOption = {}): Initializer => {
    checkOptions(who, options, spec.options);
    return initializer(spec, { seed: seedOf(who, options) }, (runtime, shape, sequence) => {
      const { fanIn, fanOut } = fans(shape);
      const high = limit(fanIn, fanOut);
      return drawUniform(runtime, shape, sequence, { low: -high, high });
    });
  });
}

/** Uniform in [-l, l) with l = sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export const glorotUniform = scaledUniform('GlorotUniform', (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)));

/** Uniform in [-l, l) with l = sqrt(6 / fanIn) (He et al. 2015). */
export const heUniform = scaledUniform('HeUniform', (fanIn) => Math.sqrt(6 / fanIn));

/** Uniform in [-l, l) with l = sqrt(3 / fanIn) (LeCun et al. 1998). */
export const lecunUniform = scaledUniform('LecunUniform', (fanIn) => Math.sqrt(3 / fanIn));

const byName = { zeros, ones, randomUniform, randomNormal, glorotUniform, heUniform, lecunUniform };
const names = Object.keys(byName) as (keyof typeof byName)[];
const classes = classesOf<Initializer>({ ...byName, constant });

/** An initializer, or the name of one with its defaults. */
export type InitializerOption = keyof typeof byName | Initializer;

/** The initializer an option means. Throws ArgumentError for an unknown name. */
export function initializerOption(who: string, name: string, value: InitializerOption): Initializer {
  if (typeof value === 'string') return byName[wordOption(who, name, value, names)]();
  if (typeof value?.values === 'function') return value;
  throw new ArgumentError({ who, expected: `${name} to be an initializer or its name`, got: show(value) });
}

/** The initializer of a config. Throws DataError for what is no config, ArgumentError for an unknown class. */
export function readInitializer(value: Json, custom?: Registry): Initializer {
  return fromClassConfig(value, { who: 'initializer', what: 'an initializer', classes, ...(custom && { custom }) });
}

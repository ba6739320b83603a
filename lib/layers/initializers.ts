/** First values of weights, with the names and defaults of Keras. */
import { ArgumentError, checkOptions, numberOption, seedOption, show, wordOption } from '../errors/index.js';
import { randomNormal as drawNormal, randomUniform as drawUniform } from '../ops/index.js';
import type { Sequence } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { full, type Shape, sizeOf, type Tensor } from '../tensor/index.js';

/** Makes the first values of a weight. */
export interface Initializer {
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

/** Every value the same. */
export function constant({ value }: { value: number }): Initializer {
  const checked = finite('constant', 'value', value);
  return { seed: undefined, values: (runtime, shape) => full(runtime, shape, checked) };
}

/** All zeros. */
export const zeros = (): Initializer => constant({ value: 0 });

/** All ones. */
export const ones = (): Initializer => constant({ value: 1 });

/** Uniform in [minval, maxval), by default [-0.05, 0.05). */
export function randomUniform(options: { minval?: number; maxval?: number } & SeedOption = {}): Initializer {
  const who = 'randomUniform';
  checkOptions(who, options, ['minval', 'maxval', 'seed']);
  const low = finite(who, 'minval', options.minval ?? -0.05);
  const high = numberOption(who, 'maxval', options.maxval ?? 0.05, `a number >= ${low}`, (x) => x >= low);
  return {
    seed: seedOf(who, options),
    values: (runtime, shape, sequence) => drawUniform(runtime, shape, sequence, { low, high }),
  };
}

/** Normal with this mean and standard deviation, by default 0 and 0.05. */
export function randomNormal(options: { mean?: number; stddev?: number } & SeedOption = {}): Initializer {
  const who = 'randomNormal';
  checkOptions(who, options, ['mean', 'stddev', 'seed']);
  const mean = finite(who, 'mean', options.mean ?? 0);
  const stddev = numberOption(who, 'stddev', options.stddev ?? 0.05, 'a number >= 0', (x) => x >= 0);
  return {
    seed: seedOf(who, options),
    values: (runtime, shape, sequence) => drawNormal(runtime, shape, sequence, { mean, stddev }),
  };
}

/**
 * How many inputs and outputs meet in a weight, as Keras counts: the last two axes times the window that the axes before them
 * span; of one axis its length is both, of none 1.
 */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const window = sizeOf(shape.slice(0, -2));
  const last = shape.at(-1) ?? 1;
  return { fanIn: window * (shape.at(-2) ?? last), fanOut: window * last };
}

function scaledUniform(who: string, options: SeedOption, limit: (fanIn: number, fanOut: number) => number) {
  checkOptions(who, options, ['seed']);
  return {
    seed: seedOf(who, options),
    values(runtime, shape, sequence) {
      const { fanIn, fanOut } = fans(shape);
      const high = limit(fanIn, fanOut);
      return drawUniform(runtime, shape, sequence, { low: -high, high });
    },
  } satisfies Initializer;
}

/** Uniform in [-l, l) with l = sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export function glorotUniform(options: SeedOption = {}): Initializer {
  return scaledUniform('glorotUniform', options, (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)));
}

/** Uniform in [-l, l) with l = sqrt(6 / fanIn) (He et al. 2015). */
export function heUniform(options: SeedOption = {}): Initializer {
  return scaledUniform('heUniform', options, (fanIn) => Math.sqrt(6 / fanIn));
}

/** Uniform in [-l, l) with l = sqrt(3 / fanIn) (LeCun et al. 1998). */
export function lecunUniform(options: SeedOption = {}): Initializer {
  return scaledUniform('lecunUniform', options, (fanIn) => Math.sqrt(3 / fanIn));
}

const byName = { zeros, ones, randomUniform, randomNormal, glorotUniform, heUniform, lecunUniform };
const names = Object.keys(byName) as (keyof typeof byName)[];

/** An initializer, or the name of one with its defaults. */
export type InitializerOption = keyof typeof byName | Initializer;

/** The initializer an option means. Throws ArgumentError for an unknown name. */
export function initializerOption(who: string, name: string, value: InitializerOption): Initializer {
  if (typeof value === 'string') return byName[wordOption(who, name, value, names)]();
  if (typeof value?.values === 'function') return value;
  throw new ArgumentError({ who, expected: `${name} to be an initializer or its name`, got: show(value) });
}

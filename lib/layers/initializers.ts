/** First values of weights, with the names and defaults of Keras. */
import { classesOf, fromClassConfig, type Json, type Registry } from '../classes/index.js';
import { ArgumentError, show, wordOption } from '../errors/index.js';
import { constant, ones, zeros } from './initializers/constant.js';
import type { Initializer } from './initializers/initializer.js';
import { orthogonal } from './initializers/orthogonal.js';
import { randomNormal, randomUniform, truncatedNormal } from './initializers/random.js';
import * as scaled from './initializers/scaled.js';

export { constant, ones, zeros } from './initializers/constant.js';
export type { Initializer, SeedOption } from './initializers/initializer.js';
export { orthogonal } from './initializers/orthogonal.js';
export { type NormalOptions, randomNormal, randomUniform, truncatedNormal } from './initializers/random.js';
export {
  alahmari,
  fans,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  torchUniform,
  type VarianceScalingOptions,
  varianceScaling,
} from './initializers/scaled.js';

const { glorotNormal, glorotUniform, heNormal, heUniform, lecunNormal, lecunUniform, torchUniform } = scaled;

const byName = {
  ...{ zeros, ones, randomUniform, randomNormal, truncatedNormal, orthogonal },
  ...{ glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal, torchUniform },
  varianceScaling: scaled.varianceScaling,
};
const names = Object.keys(byName) as (keyof typeof byName)[];
const classes = classesOf<Initializer>({ ...byName, constant, alahmari: scaled.alahmari });

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

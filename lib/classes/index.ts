/** Classes as data: a name, options, a config in Keras's form and the way back. */
export * from './json.js';
export { type Meaning, type Meant, meant } from './meant.js';
export { type Configurable, noClasses, type OwnClass, type Registry, registry } from './own.js';
export {
  type Classes,
  type ClassSpec,
  classConfig,
  classesOf,
  configOf,
  type Described,
  expectClassConfig,
  fromClassConfig,
  type Maker,
  maker,
  optionsOf,
  type Reading,
} from './spec.js';
export { formatWords, parseWords, type Words, wordsOf } from './words.js';

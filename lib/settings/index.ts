/** The settings of a training: one table, and what is derived from it. */
export {
  checkFlip,
  type Flip,
  type FlippedBit,
  flipText,
  type OutputFlip,
  outputOf,
  parseFlip,
  type WeightFlip,
} from './flip.js';
export { integer, type Kind, kernels, type NamedOptions, word, type Zod } from './kinds.js';
export { arePictureData, dataGiven, isConfigPath, isModulePath, modelKind, readData, readFolder } from './paths.js';
export {
  type AnySettings,
  argumentsOf,
  canonical,
  checkSettings,
  checkValues,
  fieldsOf,
  flagOf,
  identityOf,
  inNeed,
  rowOf,
  settingNames,
  settingsFor,
  settingsSchema,
  settingsWhere,
  withDefaults,
  withoutAbsent,
} from './settings.js';
export { joinsByArrival, runtimeOptionsOf, type SourceOptions, sourcesOf } from './sources.js';
export type {
  BeginRequest,
  CommandName,
  Part,
  ResumeRequest,
  Row,
  RunSettings,
  SettingName,
  SettingOf,
  TrainOptions,
  TrainRequest,
} from './table.js';
export { largestImageSize } from './table.js';

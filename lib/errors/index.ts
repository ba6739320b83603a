/** Errors: their classes and wording, and the checks of options that many rooms share. */
export * from './errors.js';
export {
  checkOptions,
  flagOption,
  givenOptions,
  integerOption,
  numberOption,
  seedOption,
  wordOption,
} from './options.js';

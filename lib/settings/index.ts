/** The settings of a training, as plain data. */
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
export { joinsByArrival, runtimeOptionsOf, type SourceOptions, sourcesOf, sourcesText } from './sources.js';
export {
  type Checkpoints,
  checkpointChoices,
  optionNames,
  type TrainOptions,
  type TrainRequest,
} from './train_options.js';

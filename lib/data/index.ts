/** Datasets: image folders, readers and drawn sets, their batches and their digest. */
export { type AugmentOptions, augmentSplit, checkAugment } from './augment/index.js';
export { BatchPlan, type BatchPlanOptions, type DataCursor } from './batches.js';
export { defaultCacheFolder } from './cache.js';
export { DamagedPicturesError, openDataset } from './dataset.js';
export type { Rgb } from './decode.js';
export {
  type ArrayData,
  type ArraySplit,
  checkDataDefinition,
  checkSplit,
  type DataDefinition,
  defineData,
  isReader,
  type OwnSample,
  type OwnSplit,
  type ReaderSplit,
} from './definition.js';
export { type DicomPicture, readDicom } from './dicom_file.js';
export { isDrawn, pathOfData } from './drawn_sets.js';
export { type HeldOut, type HoldOutOptions, heldOut, holdOutNames, holdsOut, type Members } from './hold_out.js';
export type {
  DatasetDescription,
  DescribedSplit,
  LeftOut,
  LeftOutReason,
} from './left_out.js';
export type { DamagedFile, DatasetOptions, PicturesProgress } from './options.js';
export { encodePng, readPicture } from './picture_file.js';
export {
  type DataReader,
  pictureReaderOf,
  type ReaderOptions,
  readerOf,
  readers,
} from './readers/index.js';
export { greyOf, resizePicture } from './resize.js';
export {
  type Batch,
  type DataForm,
  type Dataset,
  describeSplit,
  pickedOf,
  type Split,
  type TargetKind,
  type Targets,
  targetKinds,
} from './split.js';
export { type SplitName, splitNames } from './split_names.js';

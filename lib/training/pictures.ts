/** The pictures of a training, opened as its options say, and what a user is told of them. */
import { type Dataset, openDataset } from '../data/index.js';
import type { TrainOptions } from '../settings/index.js';
import type { TrainHooks } from './hooks.js';

/** What decides which pictures a training sees. */
export type PictureOptions = Pick<TrainOptions, 'data' | 'imageSize'> & {
  [name in 'validation' | 'samples' | 'damaged' | 'maxPixels']?: TrainOptions[name] | undefined;
};

/** Who is told while the pictures are read. */
export type PictureHooks = Pick<TrainHooks, 'onPhase' | 'onPictures' | 'onNote' | 'onData' | 'signal'>;

/** Opens the pictures and tells what they are before anything is computed. Rejects as openDataset does. */
export async function openPictures(
  { data, validation, samples, imageSize, damaged, maxPixels }: PictureOptions,
  { onPhase, onPictures, onNote, onData, signal }: PictureHooks = {},
): Promise<Dataset> {
  onPhase?.('reading pictures');
  const dataset = await openDataset({
    source: data,
    validation,
    samples,
    imageSize,
    damaged,
    maxPixels,
    onProgress: onPictures,
    onNote,
    signal,
  });
  onData?.(dataset.description);
  return dataset;
}

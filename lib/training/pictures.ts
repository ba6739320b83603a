/** The pictures of a training, opened as its options say, and what a user and the run folder are told of them. */
import { join } from 'node:path';
import { type Dataset, type DatasetDescription, openDataset } from '../data/index.js';
import { writeWhole } from '../files/index.js';
import type { TrainHooks, TrainOptions } from './trial.js';

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

/** File of a run folder that says which pictures there were, and which were left out and why. */
export const dataPath = (folder: string): string => join(folder, 'data.json');

/** Writes what the pictures are. */
export function writeData(folder: string, description: DatasetDescription): void {
  writeWhole(dataPath(folder), `${JSON.stringify(description, null, 2)}\n`);
}

/** How a dataset is opened, and the checks of that. */
import { availableParallelism } from 'node:os';
import { ArgumentError, checkOptions, integerOption, seedOption, show, wordOption } from '../errors/index.js';
import { defaultMaxPixels } from './decode.js';
import { drawnSetOf } from './drawn_sets.js';
import { type HoldOutOptions, holdOutNames, holdsOut } from './hold_out.js';
import { type PictureForm, pictureOptionNames, pictureOptionsOf } from './picture_form.js';
import { pictureReaderOf, type ReaderOptions } from './readers/index.js';
import type { DataForm } from './split.js';
import type { SplitName } from './split_names.js';

/** How a dataset is opened. */
export interface DatasetOptions extends HoldOutOptions {
  /** An image folder, a set that is drawn (`'synthetic'`, `'cracks'`), or a reader of pictures and its folder: `'masks:DIR'`. */
  source: string;
  /** A second image folder to validate on; takes the place of the source's own `validation/`. */
  validation?: string | undefined;
  /** Side of the square pictures, or `[height, width]`, in pixels: from 1 to 16384 each. */
  imageSize: number | readonly [height: number, width: number];
  /**
   * Pictures to train on, at least one for each class. A folder gives its first ones, shared evenly by the classes and
   * chosen before any is found damaged (all when absent); a drawn set has so many, and half as many to validate on (1000 when absent).
   */
  samples?: number | undefined;
  /** What pictures become and what their reader is told, by name; see docs/data.md. */
  dataOptions?: ReaderOptions | undefined;
  /** Seed of the pictures of a drawn set (0 when absent); folders do not use it. */
  seed?: number | undefined;
  /** What damaged pictures do: `'refuse'` (the default) the dataset, or be skipped. All are listed either way. */
  damaged?: 'refuse' | 'skip' | undefined;
  /**
   * Pixels of the largest picture file that is decoded (2^28 when absent); one of more counts as damaged. Decoding takes
   * three bytes a pixel.
   */
  maxPixels?: number | undefined;
  /**
   * Folder of the cache, or false for none. When absent it is `SAMEBITS_CACHE` or the user's cache folder, and where that
   * cannot be used the pictures are prepared without one, as `onNote` is told; a folder given here is refused instead.
   * Without a cache all pictures have to fit into the machine's memory at once.
   */
  cache?: string | false | undefined;
  /**
   * What says that a file of pictures, and what the cache holds of it, is as it was: `'times'` (the default), sizes and times of
   * the files, or their `'contents'`, every byte of which is hashed. A file that changes gets another time by the system itself.
   */
  check?: 'times' | 'contents' | undefined;
  /**
   * Pictures under preparation at once (two for each processor, at least 8, when absent); changes nothing but time. Those of more
   * than 2^28 bytes together wait for each other.
   */
  workers?: number | undefined;
  /** Told after each picture of each phase; see PicturesProgress. */
  onProgress?: ((progress: PicturesProgress) => void) | undefined;
  /** Told, in one line, that the cache could not be used, and why. */
  onNote?: ((note: string) => void) | undefined;
  /** Told what samples and targets are, before any picture is prepared; what it throws ends the opening. */
  onForm?: ((form: DataForm) => void) | undefined;
  /** Stops the preparation; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A picture that could not be used, and why. */
export interface DamagedFile {
  split: SplitName;
  path: string;
  reason: string;
}

/**
 * How far the pictures of a split are: `hashing` the files of a folder, then `preparing` those that are not in the
 * cache, or `checking` those that are, which is done at once where the time of the cache's file tells enough.
 */
export interface PicturesProgress {
  split: SplitName;
  phase: 'hashing' | 'preparing' | 'checking';
  done: number;
  total: number;
}

/** The options with their defaults. */
export interface Settings extends DatasetOptions, PictureForm {
  seed: number;
  damaged: 'refuse' | 'skip';
  check: 'times' | 'contents';
  workers: number;
  maxPixels: number;
}

const who = 'openDataset';
const known = [
  'source',
  'validation',
  'imageSize',
  'samples',
  'dataOptions',
  ...holdOutNames,
  'seed',
  'damaged',
  'maxPixels',
  'cache',
  'check',
  'workers',
  'onProgress',
  'onNote',
  'onForm',
  'signal',
];

/** Throws ArgumentError for an unknown option or a value out of its range. */
export function checkDatasetOptions(options: DatasetOptions): Settings {
  checkOptions(who, options, known);
  const {
    source,
    imageSize,
    samples,
    seed = 0,
    damaged = 'refuse',
    maxPixels,
    cache,
    check = 'times',
    workers,
  } = options;
  nameOption("source to be a folder, 'synthetic' or 'cracks'", source);
  if (cache !== undefined && cache !== false) nameOption('cache to be a folder or false', cache);
  const own = pictureReaderOf(source)?.reader.options ?? drawnSetOf(source)?.options ?? [];
  const { dataOptions = {} } = options;
  checkOptions(`${who} dataOptions`, dataOptions, [...new Set([...pictureOptionNames, 'splitFile', ...own])]);
  holdsOut(who, options);
  const [height, width] = Array.isArray(imageSize) ? imageSize : [imageSize, imageSize];
  return {
    ...options,
    ...pictureOptionsOf(`${who} dataOptions`, dataOptions),
    height: sideOption(height),
    width: sideOption(width),
    maxPixels: maxPixels === undefined ? defaultMaxPixels : integerOption(who, 'maxPixels', maxPixels, 1),
    samples: samples === undefined ? undefined : integerOption(who, 'samples', samples, 2),
    seed: seedOption(who, 'seed', seed),
    damaged: wordOption(who, 'damaged', damaged, ['refuse', 'skip'] as const),
    check: wordOption(who, 'check', check, ['times', 'contents'] as const),
    // More than there are processors: one that waits for a file, or for its turn on the main thread, leaves none idle.
    workers:
      workers === undefined ? Math.max(8, 2 * availableParallelism()) : integerOption(who, 'workers', workers, 1),
  };
}

/** Longest side of a prepared picture: with it one picture takes 768 MiB, and its bytes are counted in 31 bits. */
const longestSide = 2 ** 14;

function sideOption(side: unknown): number {
  if (Number.isSafeInteger(side) && (side as number) >= 1 && (side as number) <= longestSide) return side as number;
  const expected = `imageSize to be an integer from 1 to ${longestSide}`;
  throw new ArgumentError({ who, expected, got: show(side) });
}

function nameOption(expected: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new ArgumentError({ who, expected, got: show(value) });
}

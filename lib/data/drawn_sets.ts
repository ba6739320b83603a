/** The picture sets that are drawn, not read: by name, so that every command that takes data takes them. */
import { cracksSet } from './cracks.js';
import type { PictureFile } from './folders.js';
import type { Settings } from './options.js';
import { readerOf } from './readers/index.js';
import { syntheticSet } from './synthetic.js';

/** The splits that a set draws. */
export type SplitOfSet = 'train' | 'validation';

/** One split of a set: the names that its pictures would have in a folder, and the bytes of each. */
export interface DrawnSplit {
  files: readonly PictureFile[];
  /** All that decides the pictures; the key of the cache. */
  facts: object;
  draw(index: number): Uint8Array;
}

/** A set of pictures drawn from the library's own generator. */
export interface DrawnSet {
  readonly name: string;
  readonly classNames: readonly string[];
  /** Names of the data options that it takes. */
  readonly options: readonly string[];
  /** Throws ArgumentError for options that it cannot follow. */
  set(split: SplitOfSet, count: number, settings: Settings): DrawnSplit;
}

const sets: readonly DrawnSet[] = [cracksSet, syntheticSet];

/** The set that data name; undefined for other data. */
export const drawnSetOf = (data: string): DrawnSet | undefined => sets.find(({ name }) => name === data);

/** Whether data are drawn: they lie nowhere. */
export const isDrawn = (data: string): boolean => drawnSetOf(data) !== undefined;

/** The path on this machine that data name: a folder, or a module; undefined for a set that is drawn. */
export const pathOfData = (data: string): string | undefined =>
  isDrawn(data) ? undefined : (readerOf(data)?.path ?? data);

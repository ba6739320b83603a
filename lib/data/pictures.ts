/**
 * The prepared pictures of all splits: in a cache, or in memory where there is none. The cache saves work and memory and
 * decides no bit, so a place of its own choosing that cannot be used is told and done without.
 */
import { FileError, show } from '../errors/index.js';
import { cachedPictures, cacheFolderOf } from './cache.js';
import { checkFitsMemory, uncachedPictures } from './in_memory.js';
import type { Settings } from './options.js';
import type { PictureSet } from './picture_set.js';
import type { Outcome, PixelStore } from './store.js';

/** What came of each picture of a set, and the bytes of those that are whole. */
export interface Pictures {
  outcomes: Outcome[];
  store: PixelStore;
}

const withoutCache = (what: string): string =>
  `dataset cache: ${what}, so pictures are prepared in memory; SAMEBITS_CACHE names another folder`;

/**
 * The pictures of each set, in order. Rejects with FileError for a cache folder that was asked for and cannot be used,
 * and with DataError for pictures that have to fit into memory and do not.
 */
export async function preparedPictures(sets: readonly PictureSet[], settings: Settings): Promise<Pictures[]> {
  const { onNote } = settings;
  const asked = settings.cache !== undefined;
  let folder = cacheFolderOf(settings);
  if (folder === undefined) {
    if (!asked) onNote?.(withoutCache('this user has no home folder'));
    checkFitsMemory(sets);
  }
  const ready: Pictures[] = [];
  try {
    while (ready.length < sets.length) {
      const set = sets[ready.length]!;
      try {
        ready.push(await (folder === undefined ? uncachedPictures(set) : cachedPictures(set, folder)));
      } catch (error) {
        if (asked || folder === undefined || !(error instanceof FileError)) throw error;
        onNote?.(withoutCache(`${show(folder)} cannot be used (${error.got})`));
        folder = undefined;
        checkFitsMemory(sets.slice(ready.length));
      }
    }
  } catch (error) {
    for (const { store } of ready) store.dispose();
    throw error;
  }
  return ready;
}

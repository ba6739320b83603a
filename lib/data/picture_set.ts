/** The prepared pictures of a split: what makes them, and what came of each. */
import { ArgumentError } from '../errors/index.js';
import { type Prepared, sha256 } from './prepare.js';
import type { Outcome } from './store.js';

/** `key` names everything that decides the bytes; `pictures` makes them when they are not there. */
export interface PictureSet {
  key: string;
  count: number;
  bytesPerPicture: number;
  pictures: () => AsyncIterable<Prepared>;
  /** What says that a cached set is as it was written: the time of its file, or every byte of it. */
  check: 'times' | 'contents';
  /** Told after each picture that was prepared, or checked; once for a cached set that is believed by its time. */
  onPicture?: ((phase: 'preparing' | 'checking', done: number, total: number) => void) | undefined;
}

/** Pictures of one set at most: their hashes stand in one text, which JavaScript ends at 2^29 characters. */
const mostPictures = 2 ** 22;

/** Throws ArgumentError for more pictures than a set can have. */
export function checkCount(count: number): void {
  if (count <= mostPictures) return;
  const expected = `at most ${mostPictures} pictures in a split`;
  throw new ArgumentError({ who: 'openDataset', expected, got: `${count}` });
}

/** Makes all pictures of a set; the bytes of those that are whole go to `keep`, in their order. */
export async function collect(set: PictureSet, keep: (bytes: Uint8Array) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const picture of set.pictures()) {
    if ('reason' in picture) {
      outcomes.push(picture);
    } else {
      keep(picture.pixels);
      outcomes.push({ hash: sha256(picture.pixels) });
    }
    set.onPicture?.('preparing', outcomes.length, set.count);
  }
  return outcomes;
}

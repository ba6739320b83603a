/**
 * Decodes and resizes many pictures, several at a time, and hands them over one by one in their order: how many are
 * under way at once changes the time and nothing else.
 */
import { hash } from 'node:crypto';
import { readFile as readFileThen } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataError, show } from '../errors/index.js';
import { createRuntime, releaseArray } from '../runtime/index.js';
import { DamagedPicture } from './decode.js';
import type { PictureForm } from './picture_form.js';
import { recordOf } from './record.js';
import { Room } from './room.js';

/** A file to prepare and the SHA-256 of the bytes it is expected to hold. */
export interface SourceFile {
  path: string;
  contentHash: string;
  /** Whether the hash is that of an earlier time, which size and times of the file say is still right. */
  byTimes?: boolean;
}

/** A picture to prepare, and the masks that belong to it. */
export interface SourcePicture extends SourceFile {
  masks?: readonly SourceFile[] | undefined;
}

/** What pictures become, how large files may be, and how many are under way at once. */
export interface PrepareOptions extends PictureForm {
  maxPixels: number;
  workers: number;
}

/** A picture's resized bytes, or why there are none. */
export type Prepared = { pixels: Uint8Array } | { reason: string };

export const sha256 = (bytes: Uint8Array | string): string => hash('sha256', bytes);

/** Does `work` for each item, at most `workers` at once, and yields the results in the order of the items. */
export async function* inOrder<T, R>(
  items: readonly T[],
  workers: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  let next = 0;
  const start = () => {
    const promise = work(items[next]!, next);
    promise.catch(() => {}); // it is awaited below, maybe after another one has failed
    underWay.push(promise);
    next++;
  };
  while (next < items.length && next < workers) start();
  while (underWay.length > 0) {
    yield await underWay.shift()!;
    if (next < items.length) start();
  }
}

/** Reads a file again. Rejects with DataError for one that changed meanwhile. */
async function readSame(folder: string, { path, contentHash, byTimes }: SourceFile) {
  const bytes = await readSource(folder, path);
  if (sha256(bytes) === contentHash) return { path, bytes };
  const [expected, got] = byTimes
    ? [`${show(path)} to hold what it held when it had the same size and times`, 'other bytes']
    : [`${show(path)} to stay as it is while it is read`, 'other bytes the second time'];
  const more = byTimes && { hint: "with check 'contents' every file is hashed anew" };
  throw new DataError({ who: 'openDataset', expected, got, ...more });
}

/** Decodes and resizes files in order. A damaged picture becomes its reason; a file that changed meanwhile is an error. */
export async function* prepareFiles(
  folder: string,
  files: readonly SourcePicture[],
  { workers, ...form }: PrepareOptions,
): AsyncGenerator<Prepared> {
  // Decoding keeps the processors busy already, and resizing is short: one thread.
  using runtime = createRuntime({ threads: 1 });
  const room = new Room();
  yield* inOrder(files, workers, async (file): Promise<Prepared> => {
    const picture = await readSame(folder, file);
    const masks = [];
    for (const mask of file.masks ?? []) masks.push(await readSame(folder, mask));
    const seat = room.seat();
    try {
      return { pixels: await recordOf(runtime, { ...form, take: seat.take }, picture, masks) };
    } catch (error) {
      if (error instanceof DamagedPicture) return { reason: error.message };
      throw error;
    } finally {
      seat.leave();
      for (const { bytes } of [picture, ...masks]) releaseArray(bytes);
    }
  });
}

/** Half the work of node:fs/promises, which makes a handle of each file. */
const readFile = promisify(readFileThen);

/** The bytes of a file. Rejects with DataError for one that cannot be read. */
export async function readSource(folder: string, path: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DataError(
      { who: 'openDataset', expected: `a readable file ${show(path)}`, got: String(code) },
      { cause },
    );
  }
}

/**
 * The cache of prepared pictures. One file holds the pictures one after the other, then a JSON trailer with the hash of
 * each, then the trailer's length and hash. A file that fails any check is made again; files are written whole.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FileError, show } from '../errors/index.js';
import { makeFolders } from '../files/index.js';
import { type Prepared, sha256 } from './prepare.js';
import { fileStore, memoryStore, type Outcome, type PixelStore, readWhole } from './store.js';

/** `key` names everything that decides the bytes; `pictures` makes them when they are not there. */
export interface PictureSet {
  key: string;
  count: number;
  bytesPerPicture: number;
  pictures: () => AsyncIterable<Prepared>;
  onPicture?: ((done: number, total: number) => void) | undefined;
}

interface Trailer {
  samebits: 'pictures';
  key: string;
  bytesPerPicture: number;
  outcomes: Outcome[];
}

const tailBytes = 4 + 32; // trailer length, SHA-256 of the trailer
const dayMs = 24 * 60 * 60 * 1000;

/** The folder the cache lies in: `SAMEBITS_CACHE`, or `samebits` in the user's cache folder. */
export function defaultCacheFolder(): string {
  const { SAMEBITS_CACHE, XDG_CACHE_HOME } = process.env;
  if (SAMEBITS_CACHE) return SAMEBITS_CACHE;
  return join(XDG_CACHE_HOME ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'samebits');
}

/** The pictures of a set, out of the cache folder if they are there, otherwise made and put there. */
export async function cachedPictures(set: PictureSet, folder: string) {
  const path = join(folder, `${set.key}.pictures`);
  const temporary = join(folder, `${set.key}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    makeFolders(folder);
    const found = openCached(set, path);
    if (found !== undefined) return found;
    dropLeftovers(folder);
    await writePictures(set, temporary);
    renameSync(temporary, path);
  } catch (cause) {
    if (existsSync(temporary)) rmSync(temporary);
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw new FileError(
      {
        who: 'dataset cache',
        expected: `to read or write ${show(path)}`,
        got: String(code),
        hint: 'cache: false works without it',
      },
      { cause },
    );
  }
  const written = openCached(set, path);
  if (written !== undefined) return written;
  throw new FileError({
    who: 'dataset cache',
    expected: `${show(path)} to read as it was written`,
    got: 'other bytes',
  });
}

/** The pictures of a set in memory, made anew. */
export async function uncachedPictures(set: PictureSet): Promise<{ outcomes: Outcome[]; store: PixelStore }> {
  const pixels = new Uint8Array(set.count * set.bytesPerPicture);
  let kept = 0;
  const outcomes = await collect(set, (bytes) => pixels.set(bytes, kept++ * set.bytesPerPicture));
  return { outcomes, store: memoryStore(pixels, set.bytesPerPicture) };
}

async function collect(set: PictureSet, keep: (bytes: Uint8Array) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const picture of set.pictures()) {
    if ('reason' in picture) {
      outcomes.push(picture);
    } else {
      keep(picture.pixels);
      outcomes.push({ hash: sha256(picture.pixels) });
    }
    set.onPicture?.(outcomes.length, set.count);
  }
  return outcomes;
}

async function writePictures(set: PictureSet, path: string): Promise<void> {
  const file = openSync(path, 'wx');
  try {
    const outcomes = await collect(set, (bytes) => writeWhole(file, bytes));
    const trailer: Trailer = { samebits: 'pictures', key: set.key, bytesPerPicture: set.bytesPerPicture, outcomes };
    const text = Buffer.from(JSON.stringify(trailer));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    writeWhole(file, Buffer.concat([text, length, createHash('sha256').update(text).digest()]));
  } finally {
    closeSync(file);
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done);
}

/** Opens a cached set and checks every byte of it; undefined when it is not there or not what was written. */
function openCached(set: PictureSet, path: string): { outcomes: Outcome[]; store: PixelStore } | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const file = openSync(path, 'r');
  const outcomes = checkedOutcomes(file, set);
  if (outcomes !== undefined) return { outcomes, store: fileStore(file, set.bytesPerPicture) };
  closeSync(file);
  return undefined;
}

function checkedOutcomes(file: number, set: PictureSet): Outcome[] | undefined {
  const trailer = readTrailer(file);
  if (trailer?.key !== set.key || trailer.outcomes.length !== set.count) return undefined;
  const hashes = trailer.outcomes.flatMap((outcome) => ('hash' in outcome ? [outcome.hash] : []));
  if (trailer.size !== hashes.length * set.bytesPerPicture) return undefined;
  const picture = new Uint8Array(set.bytesPerPicture);
  for (const [i, hash] of hashes.entries()) {
    readWhole(file, picture, 0, picture.length, i * picture.length);
    if (sha256(picture) !== hash) return undefined;
  }
  return trailer.outcomes;
}

/** The trailer if it is whole, with the number of bytes before it. */
function readTrailer(file: number): (Trailer & { size: number }) | undefined {
  const { size } = fstatSync(file);
  if (size < tailBytes) return undefined;
  const tail = Buffer.alloc(tailBytes);
  readWhole(file, tail, 0, tailBytes, size - tailBytes);
  const length = tail.readUInt32LE(0);
  const start = size - tailBytes - length;
  if (start < 0) return undefined;
  const text = Buffer.alloc(length);
  readWhole(file, text, 0, length, start);
  if (!createHash('sha256').update(text).digest().equals(tail.subarray(4))) return undefined;
  return { ...(JSON.parse(text.toString()) as Trailer), size: start };
}

/** Removes what a killed process left behind more than a day ago. */
function dropLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > dayMs) rmSync(path, { force: true });
  }
}

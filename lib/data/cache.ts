/**
 * The cache of prepared pictures. One file holds the pictures one after the other, then a JSON trailer with the hash of
 * each, then the trailer's length and hash. A file that fails any check is made again; files are written whole. The trailer
 * names the time that the file is given when all of it is known to be right: while it has that time its pictures are believed,
 * and whatever writes to it later, or copies it, gives it another, so that every byte is checked.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import { FileError, show } from '../errors/index.js';
import { makeFolders } from '../files/index.js';
import { lazySchema } from '../lazy/index.js';
import type { DatasetOptions } from './options.js';
import { collect, type PictureSet } from './picture_set.js';
import { sha256 } from './prepare.js';
import { fileStore, mostAtOnce, type Outcome, type PixelStore, readWhole } from './store.js';

const trailerSchema = lazySchema((z) =>
  z.object({
    samebits: z.literal('pictures'),
    key: z.string(),
    bytesPerPicture: z.int(),
    /** Seconds since 1970. */
    time: z.int().min(0),
    outcomes: z.array(
      z.union([z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) }), z.strictObject({ reason: z.string() })]),
    ),
  }),
);
type Trailer = z.infer<ReturnType<typeof trailerSchema>>;

const tailBytes = 4 + 32; // trailer length, SHA-256 of the trailer
const dayMs = 24 * 60 * 60 * 1000;

/** The user's home folder; undefined where there is none, as for a user of a container whom its system does not know. */
function home(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder the cache lies in: `SAMEBITS_CACHE`, or `samebits` in the user's cache folder; undefined for a user without
 * any of them.
 */
export function defaultCacheFolder(): string | undefined {
  const { SAMEBITS_CACHE, XDG_CACHE_HOME } = process.env;
  if (SAMEBITS_CACHE) return SAMEBITS_CACHE;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'samebits');
  const folder = home();
  return folder && join(folder, '.cache', 'samebits');
}

/** The folder of the cache that these options ask for; undefined for none. */
export const cacheFolderOf = ({ cache }: Pick<DatasetOptions, 'cache'>): string | undefined =>
  cache === undefined ? defaultCacheFolder() : cache || undefined;

/** The pictures of a set, out of the cache folder if they are there, otherwise made and put there. */
export async function cachedPictures(set: PictureSet, folder: string) {
  const path = join(folder, `${set.key}.pictures`);
  const temporary = join(folder, `${set.key}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    makeFolders(folder);
    const found = await openCached(set, path);
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
  const written = await openCached(set, path);
  if (written !== undefined) return written;
  throw new FileError({
    who: 'dataset cache',
    expected: `${show(path)} to read as it was written`,
    got: 'other bytes',
  });
}

async function writePictures(set: PictureSet, path: string): Promise<void> {
  const file = openSync(path, 'wx');
  try {
    const outcomes = await collect(set, (bytes) => writeWhole(file, bytes));
    const { key, bytesPerPicture } = set;
    const time = timeBefore(Date.now());
    const trailer: Trailer = { samebits: 'pictures', key, bytesPerPicture, time, outcomes };
    const text = Buffer.from(JSON.stringify(trailer));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    writeWhole(file, Buffer.concat([text, length, createHash('sha256').update(text).digest()]));
    // The time says that the bytes are right: they are safe from a loss of power before it is.
    fsyncSync(file);
    futimesSync(file, time, time);
  } finally {
    closeSync(file);
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, Math.min(bytes.length - done, mostAtOnce));
}

/** A time some seconds ago that every file system can hold, FAT too: whatever is written from now on gets another one. */
const timeBefore = (now: number): number => 2 * Math.floor(now / 2000) - 10;

/** Gives a file that was checked its time again, where this user may: a copy, or one that was touched. */
function stamp(file: number, time: number): void {
  try {
    futimesSync(file, time, time);
  } catch (error) {
    if (!['EPERM', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Opens a cached set and checks it; undefined when it is not there or not what was written. */
async function openCached(
  set: PictureSet,
  path: string,
): Promise<{ outcomes: Outcome[]; store: PixelStore } | undefined> {
  // Anything else, such as a pipe, is never opened: the file that is made takes its place.
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const file = openSync(path, 'r');
  let outcomes: Outcome[] | undefined;
  try {
    outcomes = await checkedOutcomes(file, set);
  } finally {
    if (outcomes === undefined) closeSync(file);
  }
  return outcomes && { outcomes, store: fileStore(file, set.bytesPerPicture) };
}

/** Pictures checked before others in this process have their turn. */
const checkedAtOnce = 64;

async function checkedOutcomes(file: number, set: PictureSet): Promise<Outcome[] | undefined> {
  const trailer = readTrailer(file);
  if (trailer?.key !== set.key || trailer.outcomes.length !== set.count) return undefined;
  const hashes = trailer.outcomes.flatMap((outcome) => ('hash' in outcome ? [outcome.hash] : []));
  if (trailer.size !== hashes.length * set.bytesPerPicture) return undefined;
  if (set.check === 'times' && fstatSync(file).mtimeMs === trailer.time * 1000) {
    if (hashes.length > 0) set.onPicture?.('checking', hashes.length, hashes.length);
    return trailer.outcomes;
  }
  const picture = new Uint8Array(set.bytesPerPicture);
  for (const [i, hash] of hashes.entries()) {
    readWhole(file, picture, 0, picture.length, i * picture.length);
    if (sha256(picture) !== hash) return undefined;
    set.onPicture?.('checking', i + 1, hashes.length);
    if ((i + 1) % checkedAtOnce === 0) await setImmediate();
  }
  stamp(file, trailer.time);
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
  const { data } = trailerSchema().safeParse(jsonIn(text));
  return data && { ...data, size: start };
}

function jsonIn(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined; // no JSON: not what was written
  }
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

/**
 * The SHA-256 of each file's bytes. A folder's hashes are kept in the cache, each beside what the system told of its file: size,
 * number, time of its bytes and time of change. While all of that stays, so does the hash, and the file is not read. The time of
 * change is set by the system alone, so a file that was replaced, or given an older date, is read again.
 */
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileError } from '../errors/index.js';
import { writeWhole } from '../files/index.js';
import { lazySchema } from '../lazy/index.js';
import { releaseArray } from '../runtime/index.js';
import { inOrder, readSource, type SourceFile, sha256 } from './prepare.js';

/** How hashes are found. */
export interface HashOptions {
  /** Files that are looked at or read at once. */
  workers: number;
  /** Folder of the cache; undefined for none. */
  cache: string | undefined;
  /** What says that a file is as it was: `times`, or its `contents`, which are read. */
  check: 'times' | 'contents';
  onFile?: (done: number) => void;
  /** The time now, in milliseconds. */
  now?: () => number;
}

/** By path: what the system told of a file, and the hash of its bytes then. */
type Known = Map<string, readonly [told: string, contentHash: string]>;

const schema = lazySchema((z) =>
  z.strictObject({
    samebits: z.literal('hashes'),
    files: z.array(z.tuple([z.string(), z.string(), z.string().regex(/^[0-9a-f]{64}$/)])),
  }),
);

/**
 * A clock of files may tick as slowly as once in two seconds (FAT), and a file that is written twice within a tick tells the same
 * both times: a hash is kept only where the file had been as it is for longer.
 */
const settledMs = 2000;

const toldBy = ({ size, ino, mtimeNs, ctimeNs }: BigIntStats): string => `${size} ${ino} ${mtimeNs} ${ctimeNs}`;

/** The file in which the hashes of a folder are kept. */
const pathOf = (cache: string, folder: string): string => join(cache, `${sha256(resolve(folder))}.hashes`);

/** What is known of a folder. A file that is not what was written says nothing: all is hashed again. */
function knownIn(path: string): Known {
  // Anything else, such as a pipe, is never opened: the file that is made takes its place.
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return new Map();
  const text = readFileSync(path, 'utf8');
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== sha256(body)) return new Map();
  const { data } = schema().safeParse(JSON.parse(body));
  return new Map(data?.files.map(([name, told, contentHash]) => [name, [told, contentHash]]));
}

function keep(path: string, known: Known): void {
  // By name: which file of several under way was done first is chance.
  const files = [...known]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, [told, contentHash]]) => [name, told, contentHash]);
  const body = JSON.stringify({ samebits: 'hashes', files });
  writeWhole(path, `${sha256(body)}\n${body}`);
}

/** Does what only saves work. That the cache cannot be used is told where the pictures in the same folder are asked for. */
function ifUsable<T>(otherwise: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileError || (error as NodeJS.ErrnoException).syscall !== undefined) return otherwise;
    throw error;
  }
}

/** The SHA-256 of each file's bytes, in order. Rejects with DataError when a file cannot be read. */
export async function hashFiles(
  folder: string,
  paths: readonly string[],
  { workers, cache, check, onFile, now = Date.now }: HashOptions,
): Promise<SourceFile[]> {
  const place = cache === undefined ? undefined : pathOf(cache, folder);
  const known = place === undefined ? new Map() : ifUsable<Known>(new Map(), () => knownIn(place));
  let changed = false;
  const hashed = inOrder(paths, workers, async (path): Promise<SourceFile> => {
    const begun = now();
    // A file that is not there is told of by who reads it.
    const stats =
      place === undefined ? undefined : await stat(join(folder, path), { bigint: true }).catch(() => undefined);
    const told = stats && toldBy(stats);
    const before = known.get(path);
    if (check === 'times' && before?.[0] === told && before !== undefined) {
      return { path, contentHash: before[1], byTimes: true };
    }
    const bytes = await readSource(folder, path);
    const contentHash = sha256(bytes);
    releaseArray(bytes);
    const isSettled = stats !== undefined && Number(stats.ctimeMs) + settledMs < begun;
    if (isSettled && (before?.[0] !== told || before?.[1] !== contentHash)) {
      known.set(path, [told!, contentHash]);
      changed = true;
    }
    return { path, contentHash };
  });
  const found: SourceFile[] = [];
  for await (const file of hashed) {
    found.push(file);
    onFile?.(found.length);
  }
  if (place !== undefined && changed) ifUsable(undefined, () => keep(place, known));
  return found;
}

/**
 * A folder that one process at a time works in. Its owner is named in `owner.json`, which comes into being whole and only
 * where there is none. The file of an owner that is dead is replaced by the one process that holds the right to follow
 * that owner, which is taken in the same way: of any number of processes one wins, whenever any of them is killed.
 */
import { existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, FileError, show } from '../errors/index.js';
import { makeFolders, reason, unmakeFolders } from './folders.js';
import { fateOf, type Owner, parseOwner, processRuns, thisOwner } from './owner.js';

const ownerFile = 'owner.json';

/** A claim on a folder; it ends with `release`, or with the process. */
export interface Claim extends Disposable {
  release(): void;
}

/** What a folder holds beside the files that say who works in it. */
export const contentsOf = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name !== ownerFile && !name.startsWith(`${ownerFile}.`));

/** Somebody else holds what was asked for, or may hold it. */
class Held extends Error {
  constructor(
    readonly path: string,
    readonly owner: Owner | undefined,
  ) {
    super('held');
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** What the file says: an owner, `none` where there is no file, or undefined for one that names nobody. */
function ownerIn(path: string): Owner | 'none' | undefined {
  try {
    return parseOwner(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'none';
    throw error;
  }
}

const names = (path: string, { token }: Owner): boolean => {
  const there = ownerIn(path);
  return typeof there === 'object' && there.token === token;
};

/** Makes the file with this owner in it, unless there is one. */
function placed(path: string, owner: Owner): boolean {
  const text = `${JSON.stringify(owner)}\n`;
  const neighbour = `${path}.${owner.token}.${owner.pid}.tmp`;
  try {
    writeFileSync(neighbour, text, { flush: true });
    linkSync(neighbour, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without hard links: the file is there a moment before its text, and names nobody until then.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
  } finally {
    rmSync(neighbour, { force: true });
  }
  try {
    writeFileSync(path, text, { flag: 'wx', flush: true });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Puts this owner into the file. Throws Held where another one is there that is not dead. */
function take(path: string, owner: Owner): void {
  while (!placed(path, owner)) {
    const there = ownerIn(path);
    if (there === 'none') continue; // it ended just now
    if (there === undefined || fateOf(there) !== 'dead') throw new Held(path, there);
    const next = `${path}.${there.token}`;
    take(next, owner);
    // Only who holds `next` may replace this owner; somebody may have done so before it was taken.
    if (names(path, there)) {
      renameSync(next, path);
      return;
    }
    rmSync(next, { force: true });
  }
}

/** Removes what processes that were killed while they claimed this folder left in it. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${ownerFile}.`)) continue;
    const owner = ownerIn(join(folder, name));
    const pid = Number(/\.(\d+)\.tmp$/.exec(name)?.[1] ?? 0);
    const dead = typeof owner === 'object' ? fateOf(owner) === 'dead' : pid > 0 && !processRuns(pid);
    if (dead) rmSync(join(folder, name), { force: true });
  }
}

const holderWords = ({ pid, host, since }: Owner) => `process ${pid} of host ${show(host)} since ${since}`;

function refusal(who: string, folder: string, { path, owner }: Held): ArgumentError {
  const expected = 'a folder that no other process works in';
  const file = show(join(folder, ownerFile));
  if (owner === undefined) {
    const hint = 'remove that file if nothing works there';
    return new ArgumentError({ who, expected, got: `${show(folder)} with ${show(path)}, which names no owner`, hint });
  }
  const got = `${show(folder)}, held by ${holderWords(owner)}`;
  const hint =
    fateOf(owner) === 'alive'
      ? 'wait until it has ended, or choose another folder'
      : `whether it still runs cannot be seen from here; if it does not, remove ${file}`;
  return new ArgumentError({ who, expected, got, hint });
}

/** Takes a folder, made if it is not there, and returns the first folder that was made. */
function takeFolder(who: string, folder: string, owner: Owner): string | undefined {
  let made: string | undefined;
  try {
    made = makeFolders(folder);
  } catch (error) {
    throw new FileError({ who, expected: `to make ${show(folder)}`, got: reason(error) }, { cause: error });
  }
  try {
    take(join(folder, ownerFile), owner);
    return made;
  } catch (error) {
    unmakeFolders(folder, made);
    if (error instanceof Held) throw refusal(who, folder, error);
    // The one who made it took it away again in between.
    if (codeOf(error) === 'ENOENT' && !existsSync(folder)) return takeFolder(who, folder, owner);
    const expected = `to be able to write in ${show(folder)}`;
    throw new FileError({ who, expected, got: reason(error) }, { cause: error });
  }
}

/**
 * Makes a folder, if it is not there, and claims it, which is also the proof that it can be written in. Throws
 * ArgumentError, in the words of `who`, where another process holds it or may hold it, and FileError where it cannot be
 * made or written in. A folder that was made and is empty goes with the claim.
 */
export function claimFolder(who: string, folder: string): Claim {
  const owner = thisOwner();
  const path = join(folder, ownerFile);
  const made = takeFolder(who, folder, owner);
  sweep(folder);
  const release = () => {
    if (names(path, owner)) rmSync(path);
    unmakeFolders(folder, made);
  };
  return { release, [Symbol.dispose]: release };
}

/** Who holds a folder, in words; undefined for nobody, and for a process that is dead as far as can be seen from here. */
export function holderOf(folder: string): string | undefined {
  const owner = ownerIn(join(folder, ownerFile));
  if (owner === 'none') return undefined;
  if (owner === undefined) return 'an owner that its file does not name';
  return fateOf(owner) === 'dead' ? undefined : holderWords(owner);
}

/** Ends the claim of a process that was killed, if the folder has one. Throws as `claimFolder` does. */
export function endDeadClaim(who: string, folder: string): void {
  const owner = ownerIn(join(folder, ownerFile));
  if (typeof owner === 'object' && fateOf(owner) === 'dead') claimFolder(who, folder).release();
}

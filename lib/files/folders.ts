/** Folders: made step by step, and made safe from a loss of power. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What went wrong, in the system's short words (`ENOSPC: no space left on device`). */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message.split(',')[0]! : String(error);
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/**
 * Waits until the names in a folder are safe from a loss of power. A system that cannot open or sync folders (Windows) is
 * left to its own order.
 */
export function syncFolder(folder: string): void {
  let file: number | undefined;
  try {
    file = openSync(folder, 'r');
    fsyncSync(file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(code)) throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Makes a folder and those above it, and returns the first that was not there, if any; throws the system's error. Step
 * by step, because Node's own recursive way never ends where a file system refuses a name with ENOENT, as /proc does.
 */
export function makeFolders(folder: string): string | undefined {
  if (isFolder(folder)) return undefined;
  const above = existsSync(dirname(folder)) ? undefined : makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in between.
    if (!isFolder(folder)) throw error;
    return above;
  }
  syncFolder(dirname(folder));
  return above ?? folder;
}

/** Removes the folders that `makeFolders` made, from `folder` up to the one it told of, as far as they are empty. */
export function unmakeFolders(folder: string, made: string | undefined): void {
  if (made === undefined) return;
  for (let place = folder; ; place = dirname(place)) {
    try {
      rmdirSync(place);
    } catch {
      return; // something lies in it
    }
    if (place === made) return;
  }
}

/** Files of ours: written whole or not at all, and read with one clear error. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FileError, show } from '../errors/index.js';

export { type Cell, csvFile, csvText } from './csv.js';
export { fileHash, type Pieces, piecesOf, withPieces } from './pieces.js';
export { version } from './version.js';

/** What went wrong, in the system's short words (`ENOSPC: no space left on device`). */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message.split(',')[0]! : String(error);
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/**
 * Makes a folder and those above it, and returns the first that was not there, if any; throws the system's error. Step
 * by step, because Node's own recursive way never ends where a file system refuses a name with ENOENT, as /proc does.
 */
export function makeFolders(folder: string): string | undefined {
  if (isFolder(folder)) return undefined;
  const above = existsSync(dirname(folder)) ? undefined : makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
    return above ?? folder;
  } catch (error) {
    // Another process may have made it in between.
    if (!isFolder(folder)) throw error;
    return above;
  }
}

/** Writes a file whole: into a neighbour first, then renamed over `path`. Throws FileError; leaves no neighbour. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const neighbour = `${path}.${process.pid}.tmp`;
  try {
    makeFolders(dirname(path));
    writeFileSync(neighbour, content, { flush: true });
    renameSync(neighbour, path);
  } catch (error) {
    if (existsSync(neighbour)) rmSync(neighbour);
    throw new FileError(
      { who: 'write', expected: `to be able to write ${show(path)}`, got: reason(error) },
      { cause: error },
    );
  }
}

/** The JSON value in a file; throws FileError if the file cannot be read or holds something else. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new FileError({ who: 'read', expected: `a JSON file ${show(path)}`, got: reason(error) }, { cause: error });
  }
}

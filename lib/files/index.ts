/** Files of ours: written whole or not at all, read with one clear error, in folders that one process at a time claims. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FileError, show } from '../errors/index.js';
import { makeFolders, reason, syncFolder } from './folders.js';
import { processRuns } from './owner.js';

export { type Claim, claimFolder, contentsOf, endDeadClaim, holderOf } from './claim.js';
export { type Cell, csvFile, csvText } from './csv.js';
export { makeFolders, reason, unmakeFolders } from './folders.js';
export { fileHash, type Pieces, piecesOf, withPieces } from './pieces.js';
export { version } from './version.js';

/**
 * Writes a file whole: into a neighbour first, then renamed over `path`, each safe from a loss of power before the next.
 * When this returns, the new file is there after one; before, the old one or the new. Throws FileError; leaves no neighbour.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  putWhole(path, (neighbour) => writeFileSync(neighbour, content, { flush: true }));
}

/** Copies a file, of any size, as `writeWhole` writes one. Throws FileError; leaves no neighbour. */
export function copyWhole(from: string, path: string): void {
  putWhole(path, (neighbour) => {
    copyFileSync(from, neighbour);
    const file = openSync(neighbour, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

function putWhole(path: string, put: (neighbour: string) => void): void {
  const neighbour = `${path}.${process.pid}.tmp`;
  try {
    makeFolders(dirname(path));
    put(neighbour);
    renameSync(neighbour, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (existsSync(neighbour)) rmSync(neighbour);
    throw new FileError(
      { who: 'write', expected: `to be able to write ${show(path)}`, got: reason(error) },
      { cause: error },
    );
  }
}

/** Removes, in these folders, what processes that were killed left of files they were writing. */
export function sweepNeighbours(folders: readonly string[]): void {
  for (const folder of folders.filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder)) {
      const pid = Number(/\.(\d+)\.tmp$/.exec(name)?.[1] ?? 0);
      // A container starts its processes with the same numbers again, so this one's own counts as dead.
      if (pid > 0 && (pid === process.pid || !processRuns(pid))) rmSync(join(folder, name), { force: true });
    }
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

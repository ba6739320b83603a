/** What lies in a folder, by names and kinds alone; what the system refuses is one clear error. */
import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, show } from '../errors/index.js';
import { reason } from '../files/index.js';

/** What a name stands for: links are followed, a link to nothing counts as the file that reading will miss. */
export type EntryKind = 'file' | 'folder' | 'other';

export interface Entry {
  name: string;
  kind: EntryKind;
  link: boolean;
}

/** Byte order of the UTF-8 names: the same on every machine, whatever its language. */
export const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function asked<T>(who: string, path: string, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw new DataError({ who, expected: `to look at ${show(path)}`, got: reason(cause) }, { cause });
  }
}

/** The file or folder at a path, links followed; undefined for nothing. Throws DataError. */
export const statOf = (who: string, path: string): Stats | undefined =>
  asked(who, path, () => statSync(path, { throwIfNoEntry: false }));

export const isFolder = (who: string, path: string): boolean => statOf(who, path)?.isDirectory() ?? false;

/** What stands behind a character that is no UTF-8 in a name as Node gives it. */
const unreadable = '\ufffd';

function expectName(who: string, folder: string, name: string): void {
  if (!name.includes(unreadable) || asked(who, folder, () => lstatSync(join(folder, name), { throwIfNoEntry: false })))
    return;
  const hint = 'rename it';
  throw new DataError({ who, expected: `names in UTF-8 in ${show(folder)}`, got: show(name), hint });
}

/** What a folder holds, in byte order of the names. Throws DataError for what the system refuses. */
export function entriesOf(who: string, folder: string): Entry[] {
  const found = asked(who, folder, () => readdirSync(folder, { withFileTypes: true }));
  return found
    .map((entry): Entry => {
      expectName(who, folder, entry.name);
      const link = entry.isSymbolicLink();
      const what = link ? statOf(who, join(folder, entry.name)) : entry;
      const kind = what === undefined || what.isFile() ? 'file' : what.isDirectory() ? 'folder' : 'other';
      return { name: entry.name, kind, link };
    })
    .sort((a, b) => byteOrder(a.name, b.name));
}

/** Data by a reader and its path, `mnist:DIR`, and the path that a name of data holds. */
import * as members from './members.js';
import type { DataReader, PictureReader } from './reader.js';

export type { ArrayReader, DataReader, PictureReader, ReaderOptions } from './reader.js';

/** The readers, by name. */
export const readers: Readonly<Record<string, DataReader>> = Object.fromEntries(
  Object.values(members)
    .map((reader) => [reader.name, reader] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The reader and the path that data name; undefined for other data. */
export function readerOf(data: string): { reader: DataReader; path: string } | undefined {
  const [name, ...rest] = data.split(':');
  const reader = Object.hasOwn(readers, name!) ? readers[name!] : undefined;
  return reader === undefined || rest.length === 0 ? undefined : { reader, path: rest.join(':') };
}

/** The reader of pictures and the folder that data name; undefined for other data. */
export function pictureReaderOf(data: string): { reader: PictureReader; path: string } | undefined {
  const found = readerOf(data);
  return found?.reader.kind === 'pictures' ? { reader: found.reader, path: found.path } : undefined;
}

/** What readers are: they find arrays, or pictures, in files of a known form. */
import type { DataDefinition } from '../definition.js';
import type { ListedPictures } from '../folders.js';

/** What a user says to a reader, by name: `--data-option window=full`. */
export type ReaderOptions = Readonly<Record<string, number | boolean | string>>;

/** A form of data that `NAME:PATH` asks for and that is read at once. */
export interface ArrayReader {
  readonly kind: 'arrays';
  readonly name: string;
  /** Such as `a folder of IDX files`. */
  readonly what: string;
  /** What the path has to be. */
  readonly takes: 'folder' | 'file';
  /** The data there. Throws DataError, naming the file, for one that is not there or not of this form. */
  read(path: string): DataDefinition;
}

/** A form of pictures that `NAME:FOLDER` asks for: it says which files are which, and the pictures are prepared as all are. */
export interface PictureReader {
  readonly kind: 'pictures';
  readonly name: string;
  readonly what: string;
  readonly takes: 'folder';
  /** Names of its options. */
  readonly options: readonly string[];
  /** What the targets are. */
  readonly targets: 'class' | 'mask';
  /** The pictures in a folder. Throws DataError for a folder that is not of this form, ArgumentError for an option. */
  list(folder: string, options: ReaderOptions): ListedPictures;
}

export type DataReader = ArrayReader | PictureReader;

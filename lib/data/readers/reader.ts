/** What a reader is: it finds data in files of a known form. */
import type { DataDefinition } from '../definition.js';

/** A form of data that `NAME:DIR` asks for. */
export interface DataReader {
  readonly name: string;
  /** Such as `IDX files of digits`. */
  readonly what: string;
  /** The data in a folder. Throws DataError, naming the file, for one that is not there or not of this form. */
  read(folder: string): DataDefinition;
}

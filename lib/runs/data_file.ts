/** What a run folder says of the data: `data.json`. */
import { join } from 'node:path';
import type { DatasetDescription } from '../data/index.js';
import { writeWhole } from '../files/index.js';

/** File of a run folder that says which pictures there were, and which were left out and why. */
export const dataPath = (folder: string): string => join(folder, 'data.json');

/** Writes what the data is. */
export function writeData(folder: string, description: DatasetDescription): void {
  writeWhole(dataPath(folder), `${JSON.stringify(description, null, 2)}\n`);
}

/** Tables that lie beside pictures, as CSV: their rows by the names of their columns, and paths in them that stay in a folder. */
import { readFileSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { DataError, show } from '../errors/index.js';
import { csvText, reason } from '../files/index.js';
import { lazyPackage } from '../lazy/index.js';

const csv = lazyPackage<typeof import('csv-parse/sync')>('csv-parse/sync');

/** A row of a table; `row` counts from 1, after the row of names. */
export interface TableRow<C extends string> {
  row: number;
  cells: Record<C, string>;
}

/** A row of a table in messages. */
export const rowText = (path: string, row: number): string => `row ${row} of ${show(path)}`;

/**
 * The rows of a table in a file, each with these columns. Throws DataError, in the words of `who`, for a file that cannot be read,
 * that is no CSV, lacks one of the columns, or has no row.
 */
export function tableOf<const C extends string>(who: string, path: string, columns: readonly C[]): TableRow<C>[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DataError({ who, expected: `a readable table ${show(path)}`, got: reason(cause) }, { cause });
  }
  let found: string[][];
  try {
    found = csv().parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    if (!(cause instanceof csv().CsvError)) throw cause;
    const expected = `comma-separated values in ${show(path)}`;
    throw new DataError({ who, expected, got: cause.message }, { cause });
  }
  const [head, ...body] = found;
  const names = head ?? [];
  const missing = columns.find((name) => names.filter((one) => one === name).length !== 1);
  if (missing !== undefined) {
    const expected = `the column ${show(missing)}, once, in ${show(path)}`;
    throw new DataError({ who, expected, got: names.length === 0 ? 'no columns' : names.join(', ') });
  }
  if (body.length === 0) throw new DataError({ who, expected: `a row or more in ${show(path)}`, got: 'none' });
  return body.map((cellsOfRow, i) => {
    // Cells in quotes may end with a line's end.
    const cells = columns.map((name) => [name, csvText(cellsOfRow[names.indexOf(name)]!).trim()]);
    return { row: i + 1, cells: Object.fromEntries(cells) as Record<C, string> };
  });
}

/**
 * A path that a table names, with '/' between names, relative to a folder. Throws DataError for one that is empty, absolute, or
 * leaves the folder.
 */
export function insidePath(who: string, place: string, path: string): string {
  const plain = normalize(join('.', path)).split(sep).join('/');
  const leaves = plain === '.' || plain === '..' || plain.startsWith('../') || /^(?:[/\\]|[A-Za-z]:)|\\|\0/.test(path);
  if (path !== '' && !leaves) return plain;
  throw new DataError({ who, expected: `a path inside the folder in ${place}`, got: show(path) });
}

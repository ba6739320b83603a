/**
 * A list of pictures of two things each, as CSV: `file` (below the folder of the list), `left` and `right`, what its halves
 * show. Other columns are left alone. Everything that can be wrong with it is refused here, by row, before any work.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPicture } from '../data/index.js';
import { ArgumentError, DataError, FileError, show } from '../errors/index.js';
import { csvText, reason } from '../files/index.js';
import { lazyPackage } from '../lazy/index.js';

const csv = lazyPackage<typeof import('csv-parse/sync')>('csv-parse/sync');

const who = 'explain pairs';
const columns = ['file', 'left', 'right'] as const;

/** A picture of two things: its file as the list names it and from here, and the classes of its halves by number. */
export interface ListedPicture {
  /** Counts from 1, after the row of names. */
  row: number;
  file: string;
  path: string;
  left: number;
  right: number;
}

/** A word and its plural by the rules of English spelling. */
function forms(word: string): string[] {
  const lower = word.toLowerCase();
  if (/[^aeiou]y$/.test(lower)) return [lower, `${lower.slice(0, -1)}ies`];
  return [lower, /(?:s|x|z|ch|sh)$/.test(lower) ? `${lower}es` : `${lower}s`];
}

/** Whether two words are one but for capitals and one of them being the other's plural. */
const alike = (a: string, b: string) => forms(a).includes(b.toLowerCase()) || forms(b).includes(a.toLowerCase());

/**
 * The number of the class that a label names: by its name as it is, or else as its singular or plural in any capitals.
 * Throws ArgumentError, in the words of `row`, for a label of no class or of several.
 */
export function classOfLabel(label: string, classNames: readonly string[], place: string): number {
  const exact = classNames.indexOf(label);
  if (exact >= 0) return exact;
  const found = classNames.flatMap((name, i) => (label !== '' && alike(label, name) ? [i] : []));
  if (found.length === 1) return found[0]!;
  const expected = `${place} to name one of the classes ${classNames.join(', ')}, in singular or plural`;
  throw new ArgumentError({ who, expected, got: show(label) });
}

function recordsOf(path: string): Record<string, string>[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FileError({ who, expected: `a readable list ${show(path)}`, got: reason(cause) }, { cause });
  }
  let rows: string[][];
  try {
    rows = csv().parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    if (!(cause instanceof csv().CsvError)) throw cause;
    throw new DataError(
      { who, expected: `a list of comma-separated values ${show(path)}`, got: cause.message },
      { cause },
    );
  }
  const [head = [], ...body] = rows;
  const missing = columns.find((name) => head.filter((one) => one === name).length !== 1);
  if (missing !== undefined) {
    const expected = `columns ${columns.join(', ')}, each once, in ${show(path)}`;
    throw new DataError({ who, expected, got: head.length === 0 ? 'none' : head.join(', ') });
  }
  if (body.length === 0) throw new DataError({ who, expected: `a row or more in ${show(path)}`, got: 'none' });
  return body.map((cells) => Object.fromEntries(head.map((name, i) => [name, csvText(cells[i]!)])));
}

/**
 * Reads a list and looks at every picture in it. Rejects with FileError for a list that cannot be read, DataError for one
 * that is no CSV, lacks a column or rows, or names a picture that cannot be used, ArgumentError for a label of no class
 * or two halves of one class.
 */
export async function readPairs(path: string, classNames: readonly string[]): Promise<ListedPicture[]> {
  const listed = recordsOf(path).map(({ file = '', left = '', right = '' }, i): ListedPicture => {
    const row = i + 1;
    if (file === '') throw new DataError({ who, expected: `file of row ${row} to name a picture`, got: show(file) });
    const labelled = { left: classOfLabel(left, classNames, `left of row ${row}`), right: -1 };
    labelled.right = classOfLabel(right, classNames, `right of row ${row}`);
    if (labelled.left === labelled.right) {
      const expected = `left and right of row ${row} to be two classes`;
      throw new ArgumentError({ who, expected, got: `${show(left)} and ${show(right)}` });
    }
    return { row, file, path: join(dirname(path), file), ...labelled };
  });
  // Looked at now and read again when its turn comes: a long list of large pictures does not fit in memory.
  for (const { row, path: picture } of listed) await readPicture(picture, `${who} row ${row}`);
  return listed;
}

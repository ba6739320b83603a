/**
 * Tables as the text of a CSV file (RFC 4180), safe to open in a spreadsheet. A cell that begins with `= + - @`, one of their
 * full-width forms, a tab or a line's end is computed as a formula there, and class and file names are a stranger's. So an
 * apostrophe goes before such a text (OWASP, "CSV Injection"), and one more where apostrophes or quotes are there already:
 * reading takes one away again. Within a text it goes behind a semicolon, tab or line's end too, where a spreadsheet that
 * does not part cells at commas begins another cell. Numbers stay numbers.
 */

/** A value of a table, in full precision; null where there is none. */
export type Cell = string | number | boolean | null;

const formula = '["\']*[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const unguarded = new RegExp(`^(?=["']*[\\t\\r\\n])|(?<=^|[;\\t\\r\\n])(?=${formula})`, 'g');
const guarded = new RegExp(`^'(?=["']*[\\t\\r\\n])|(?<=^|[;\\t\\r\\n])'(?=${formula})`, 'g');

function written(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const text = cell.replaceAll(unguarded, "'");
  return /[",;\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The file: a row of names, then the values. Texts are guarded as above. */
export const csvFile = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((cells) => `${cells.map(written).join(',')}\r\n`).join('');

/** A text of a CSV file as it was before `csvFile` guarded it. */
export const csvText = (text: string): string => text.replaceAll(guarded, '');

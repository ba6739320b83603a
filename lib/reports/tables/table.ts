/** A table as data: one definition for the page, the CSV file and the JSON file. */
import { type Cell, csvFile } from '../../files/index.js';
import { html, type Markup, type Part, scrolling } from '../html/markup.js';

/** A column: its name in files, its heading, and how the page shows a value (as it is, if not given). */
export interface Column {
  name: string;
  title: string;
  show?: (value: never) => Part;
  /** Words: set to the left, and broken into lines. */
  words?: boolean;
  /** In the files alone, not on the page. */
  fileOnly?: boolean;
}

/** A table; `name` is that of its files. */
export interface DataTable {
  name: string;
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

/** The table as CSV: names of columns, then full values. */
export const tableCsv = ({ columns, rows }: DataTable) =>
  csvFile(
    columns.map(({ name }) => name),
    rows,
  );

/** The table as JSON: its caption and one object a row. */
export function tableJson({ caption, columns, rows }: DataTable): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!])));
  return `${JSON.stringify({ caption, rows: objects }, null, 2)}\n`;
}

/** The table as the page shows it, with the ways to its `files`; it scrolls in a box of its own where it is too wide. */
export function tableMarkup({ caption, columns, rows }: DataTable, files: Part = ''): Markup {
  const cell = (value: Cell, { show }: Column): Part => {
    if (show !== undefined) return show(value as never);
    return value === null ? '\u2013' : String(value);
  };
  const shown = columns.flatMap((column, i) => (column.fileOnly ? [] : [{ column, i }]));
  return scrolling(
    shown.map(({ column: { title, words } }) => ({ title, ...(words !== undefined && { words }) })),
    rows.map((row) => shown.map(({ column, i }) => cell(row[i]!, column))),
    html`${caption}`,
    files,
  );
}

/** Writes a report: its pages, and beside them the files of its tables, figures and curves. */
import { join } from 'node:path';
import { writeWhole } from '../../files/index.js';
import type { Book, ReportedResult } from '../book.js';
import { type Report, reportOf } from '../report.js';
import { tableLatex } from '../tables/latex.js';
import { tableCsv, tableJson } from '../tables/table.js';
import { type EventFile, eventFiles } from './events.js';
import { pdfOf, pngOf, standaloneSvg } from './pictures.js';

/**
 * Writes the report of one or several results into `folder` and returns the path of its first page: `report.html` and
 * the other pages, `tables/*.csv`, `*.json` and `*.tex`, `figures/*.svg`, `*.png` and `*.pdf`, and `tensorboard/`. Throws FileError.
 */
export async function writeResultReport(reported: readonly ReportedResult[], folder: string): Promise<string> {
  return writeReportFiles(await reportOf(reported), reported.flatMap(eventFiles), folder);
}

/** Writes the tables and figures of a book into `folder`, and returns the paths. Throws FileError. */
export async function writeBookFiles({ tables, figures }: Book, folder: string): Promise<string[]> {
  const written: string[] = [];
  const write = (path: string, content: string | Uint8Array) => {
    writeWhole(path, content);
    written.push(path);
  };
  for (const [name, table] of tables) {
    write(join(folder, 'tables', `${name}.csv`), tableCsv(table));
    write(join(folder, 'tables', `${name}.json`), tableJson(table));
    write(join(folder, 'tables', `${name}.tex`), tableLatex(table));
  }
  for (const [name, chart] of figures) {
    const svg = await standaloneSvg(chart);
    write(join(folder, 'figures', `${name}.svg`), svg);
    write(join(folder, 'figures', `${name}.png`), pngOf(svg));
    write(join(folder, 'figures', `${name}.pdf`), await pdfOf(svg, chart.label));
  }
  return written;
}

/** Writes the pages, tables and figures of a report, and the curves beside it. */
export async function writeReportFiles(
  { pages, book }: Report,
  events: readonly EventFile[],
  folder: string,
): Promise<string> {
  await writeBookFiles(book, folder);
  for (const { path, bytes } of events) writeWhole(join(folder, 'tensorboard', path), bytes);
  for (const [file, text] of pages) writeWhole(join(folder, file), text);
  return join(folder, 'report.html');
}

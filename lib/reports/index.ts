/** Reports of a Result: one self-contained HTML page, CSV files beside it, and text for the terminal. */
import { join } from 'node:path';
import { type Result, writeWhole } from '../experiments/index.js';
import { divergenceCsv, epochsCsv, runsCsv } from './csv.js';
import { reportPage } from './html/page.js';

export { attributionCsv, attributionGrowthCsv, attributionText } from './attribution.js';
export { divergenceCsv, epochsCsv, runsCsv } from './csv.js';
export { explanationsCsv, explanationsText, stabilityCsv } from './explanations.js';
export { diffPage } from './html/diff_page.js';
export { reportPage } from './html/page.js';
export { arrivalColumns, joinWords, orderCells, replayHeadline } from './replay_words.js';
export { columns, terminalReport } from './terminal.js';
export { priceSentence, subjectOf, type Verdict, verdictsOf } from './verdict.js';
export { headlineOf, remarksOf } from './words.js';

/** Writes report.html, runs.csv, epochs.csv and divergence.csv into `folder` and returns the path of the page. Throws FileError. */
export async function writeReport(result: Result, folder: string): Promise<string> {
  const page = join(folder, 'report.html');
  writeWhole(page, await reportPage(result));
  writeWhole(join(folder, 'runs.csv'), runsCsv(result));
  writeWhole(join(folder, 'epochs.csv'), epochsCsv(result));
  writeWhole(join(folder, 'divergence.csv'), divergenceCsv(result));
  return page;
}

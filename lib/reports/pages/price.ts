/** The page on the price of determinism: step times of both modes, and training with other numbers of threads. */
import type { Result } from '../../experiments/index.js';
import { type Book, eachResult, type Page, type ReportedResult } from '../book.js';
import { ratioChart, stepTimeChart } from '../charts/price.js';
import { duration } from '../format.js';
import { html, type Markup } from '../html/markup.js';
import { costTable, threadsTable } from '../tables/runs.js';
import { priceSentence } from '../verdict.js';

/** The mean of the runs' median step times in each mode. */
function intervalSentence({ statistics }: Result): string {
  const times = statistics?.find(({ measure }) => measure === 'stepSeconds');
  if (times === undefined) return '';
  const of = (mode: 'deterministic' | 'atomic') => {
    const { summary, interval } = times[mode];
    const { low, high } = interval ?? { low: summary.min, high: summary.max };
    return `${mode} ${duration(summary.mean)} (${duration(low)} to ${duration(high)})`;
  };
  const what = times.deterministic.interval === null ? 'least and largest' : '95 % interval';
  return `Median step, mean of the runs with ${what}: ${of('deterministic')}, ${of('atomic')}.`;
}

function threadsSection(book: Book, result: Result): Markup {
  const table = threadsTable(result);
  if (table === null) return html``;
  const same = table.rows.every((row) => row[table.columns.findIndex(({ name }) => name === 'sameBits')] === true);
  const verdict = same
    ? 'Single-threaded and multi-threaded training end in the same bits, so threads are only a matter of time.'
    : 'The numbers of threads do not all end in the same bits, which they should.';
  return html`<h3>Threads</h3>
<p>${verdict}</p>
${book.table(table)}
<p class="note">Times were measured on ${result.machine.cpu}, ${result.machine.cores} cores, and hold for this machine only;
hashes, losses and accuracies do not depend on times or threads.</p>
`;
}

const turnsSentence = ({ experiment }: Result) =>
  experiment === 'compare'
    ? 'Runs of the two modes took turns.'
    : 'The runs were not made side by side, so a difference may be that of the machine and the hour.';

async function priceSection(book: Book, result: Result): Promise<Markup> {
  const { model } = result.definition;
  const sentence =
    result.price === null
      ? 'Only one mode was run, so there is nothing to set its times against.'
      : `${priceSentence(result.price)} ${intervalSentence(result)} ${turnsSentence(result)} ${
          result.price.stepTime.interval === null
            ? ''
            : 'The interval of the ratio is a percentile bootstrap that draws runs first and steps inside a run second.'
        }`;
  const ratio = result.price === null ? [] : [[`${model}-ratio`, ratioChart(result.price)] as const];
  return html`<p>${sentence}</p>
${await book.row([[`${model}-steps`, stepTimeChart(result)], ...ratio])}
${book.table(costTable(result))}
${threadsSection(book, result)}
`;
}

/** The page `price.html`. */
export async function pricePage(book: Book, reported: readonly ReportedResult[]): Promise<Page> {
  const body = await eachResult(reported, ({ result }) => priceSection(book, result));
  return { file: 'price.html', name: 'Price', body };
}

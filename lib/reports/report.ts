/** The report as a whole: pages that name each other, and the figures and tables that they show. */
import { Book, type Page, type ReportedResult } from './book.js';
import { plural } from './format.js';
import { html } from './html/markup.js';
import { documentOf } from './html/page.js';
import { divergencePage } from './pages/divergence.js';
import { explanationsPage } from './pages/explanations.js';
import { overviewPage } from './pages/overview.js';
import { pricePage } from './pages/price.js';
import { statisticsPage } from './pages/statistics.js';
import { subjectOf } from './verdict.js';

/** The report before it is written: text by file name, and the book. */
export interface Report {
  pages: Map<string, string>;
  book: Book;
}

function wordsOf(reported: readonly ReportedResult[]): { title: string; lead: string } {
  const { definition, machine, startedAt, experiment } = reported[0]!.result;
  const { modes, runs } = definition;
  const models = reported.map(({ result }) => result.definition.model).join(' and ');
  const each = modes.length > 1 ? ' in each mode' : ` in ${modes[0]} mode`;
  const title = `${models}: ${plural(runs, 'run')}${experiment === 'runs' ? '' : each}`;
  const subjects = reported.map(({ result }) => subjectOf(result)).join('; ');
  return { title, lead: `${subjects}. ${machine.cpu}, ${startedAt.slice(0, 10)}.` };
}

/** The pages of results. Of trainings that were no experiment, those that have something to say. */
function pagesFor(reported: readonly ReportedResult[]) {
  const { experiment, price } = reported[0]!.result;
  if (experiment === 'compare') return [overviewPage, divergencePage, explanationsPage, statisticsPage, pricePage];
  return [overviewPage, divergencePage, ...(price === null ? [] : [statisticsPage, pricePage])];
}

/** The report of one or several results; the first of them gives title and machine. */
export async function reportOf(reported: readonly ReportedResult[]): Promise<Report> {
  const book = new Book();
  const pages: Page[] = [];
  for (const page of pagesFor(reported)) pages.push(await page(book, reported));
  const { versions, contract } = reported[0]!.result;
  return { pages: documentsOf(pages, { ...wordsOf(reported), samebits: versions.samebits, contract }), book };
}

/** What all pages of a report share. */
interface Shared {
  title: string;
  lead: string;
  samebits: string;
  contract: number;
}

/** The pages as documents that name each other, by file name. The first page has the title as its heading. */
export function documentsOf(pages: readonly Page[], { title, lead, samebits, contract }: Shared): Map<string, string> {
  const footer = html`<footer>Made by samebits ${samebits}, numeric contract ${contract}.</footer>`;
  const documentFor = ({ file, name, body }: Page) => {
    const links = pages.map((page) =>
      page.file === file
        ? html`<a href="${page.file}" aria-current="page">${page.name}</a>`
        : html`<a href="${page.file}">${page.name}</a>`,
    );
    const heading = file === 'report.html' ? html`<h1>${title}</h1>` : html`<p class="of">${title}</p><h1>${name}</h1>`;
    const subject = file === 'report.html' ? html`<p class="lead">${lead}</p>` : '';
    const nav =
      pages.length === 1
        ? ''
        : html`<nav aria-label="Pages of this report">${links}</nav>
`;
    return documentOf(
      file === 'report.html' ? title : `${name} \u2013 ${title}`,
      html`<header>${nav}${heading}${subject}</header>
<main>
${body}
</main>
${footer}`,
    );
  };
  return new Map(pages.map((page) => [page.file, documentFor(page)]));
}

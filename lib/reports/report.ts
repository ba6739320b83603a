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
  const { definition, machine, startedAt } = reported[0]!.result;
  const { modes, runs } = definition;
  const models = reported.map(({ result }) => result.definition.model).join(' and ');
  const title = `${models}: ${plural(runs, 'run')} ${modes.length > 1 ? 'in each mode' : `in ${modes[0]} mode`}`;
  const subjects = reported.map(({ result }) => subjectOf(result)).join('; ');
  return { title, lead: `${subjects}. ${machine.cpu}, ${startedAt.slice(0, 10)}.` };
}

/** The report of one or several results; the first of them gives title and machine. */
export async function reportOf(reported: readonly ReportedResult[]): Promise<Report> {
  const book = new Book();
  const make = [overviewPage, divergencePage, explanationsPage, statisticsPage, pricePage];
  const pages: Page[] = [];
  for (const page of make) pages.push(await page(book, reported));
  const { title, lead } = wordsOf(reported);
  const { versions, contract } = reported[0]!.result;
  const footer = html`<footer>Made by samebits ${versions.samebits}, numeric contract ${contract}.</footer>`;
  const documentFor = ({ file, name, body }: Page) => {
    const links = pages.map((page) =>
      page.file === file
        ? html`<a href="${page.file}" aria-current="page">${page.name}</a>`
        : html`<a href="${page.file}">${page.name}</a>`,
    );
    const heading = file === 'report.html' ? html`<h1>${title}</h1>` : html`<p class="of">${title}</p><h1>${name}</h1>`;
    const subject = file === 'report.html' ? html`<p class="lead">${lead}</p>` : '';
    return documentOf(
      file === 'report.html' ? title : `${name} \u2013 ${title}`,
      html`<header><nav aria-label="Pages of this report">${links}</nav>
${heading}${subject}</header>
<main>
${body}
</main>
${footer}`,
    );
  };
  return { pages: new Map(pages.map((page) => [page.file, documentFor(page)])), book };
}

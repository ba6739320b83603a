/**
 * What a report is put together in: sections ask it for figures and tables, and it keeps each, so that whatever a page
 * shows is also written as a file.
 */
import type { Result, TargetResult } from '../experiments/index.js';
import { type Chart, render } from './charts/render.js';
import { html, Markup } from './html/markup.js';
import { type DataTable, tableMarkup } from './tables/table.js';

/** A result, and the folder of its experiment as the pages see it: empty, or a name below theirs. */
export interface ReportedResult {
  result: Result;
  folder: string;
}

/** A page of the report, without what all pages share. */
export interface Page {
  file: string;
  /** What the way from page to page calls it. */
  name: string;
  body: Markup;
}

/** A name as that of a file: letters, digits and `_ . -`, no dot in front. A model may be called by a path. */
export const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');

/** Figures that are wider than this, in units, fill the page. */
const broad = 800;

/** Links to the files of a figure or table, beside its caption. */
const filesOf = (path: string, kinds: Readonly<Record<string, string>>): Markup =>
  html`<span class="files">${Object.entries(kinds).map(([ending, name]) => html`<a href="${path}.${ending}">${name}</a>`)}</span>`;

export class Book {
  readonly figures = new Map<string, Chart>();
  readonly tables = new Map<string, DataTable>();
  /** Tables that pages show; those that are files alone have no number. */
  #shown = 0;

  /** A figure with its number and caption; `narrow` takes its place where there is little room. Throws if the name was taken. */
  async figure(name: string, chart: Chart, narrow?: Chart): Promise<Markup> {
    const id = this.#once(this.figures, name, chart);
    const wide = new Markup(await render(id, chart));
    const drawn =
      narrow === undefined
        ? wide
        : html`<div class="wide">${wide}</div><div class="narrow">${new Markup(await render(`${id}-narrow`, narrow))}</div>`;
    return html`<figure class="${narrow === undefined ? '' : (chart.width ?? 0) > broad ? 'whole' : 'broad'}">${drawn}<figcaption>Figure ${this.figures.size}. ${chart.caption} ${filesOf(`figures/${id}`, { svg: 'SVG', png: 'PNG', pdf: 'PDF' })}</figcaption></figure>
`;
  }

  /** Several figures beside each other. */
  async row(figures: readonly (readonly [name: string, chart: Chart])[]): Promise<Markup> {
    const drawn: Markup[] = [];
    for (const [name, chart] of figures) drawn.push(await this.figure(name, chart));
    return html`<div class="figures">${drawn}</div>`;
  }

  /** A table as the page shows it, with its number. Throws if the name was taken. */
  table(table: DataTable): Markup {
    this.data(table);
    this.#shown += 1;
    const files = filesOf(`tables/${fileName(table.name)}`, { csv: 'CSV', tex: 'LaTeX', json: 'JSON' });
    return tableMarkup({ ...table, caption: `Table ${this.#shown}. ${table.caption}` }, files);
  }

  /** A table that is only written as a file. */
  data(table: DataTable): void {
    this.#once(this.tables, table.name, table);
  }

  #once<T>(kept: Map<string, T>, name: string, value: T): string {
    const id = fileName(name);
    if (kept.has(id)) throw new Error(`a report has one ${id}`);
    kept.set(id, value);
    return id;
  }
}

/** The targets of a result by name. */
export const targetsOf = (result: Result): [string, TargetResult][] => Object.entries(result.targets);

/** A section for each result, under the model's name where there are several. */
export async function eachResult(
  reported: readonly ReportedResult[],
  section: (reported: ReportedResult) => Promise<Markup> | Markup,
): Promise<Markup> {
  const sections: Markup[] = [];
  for (const one of reported) {
    const heading = reported.length === 1 ? '' : html`<h2 class="model">${one.result.definition.model}</h2>`;
    sections.push(html`<section>${heading}${await section(one)}</section>`);
  }
  return html`${sections}`;
}

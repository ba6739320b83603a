/** The one page of trainings that are not compared: a single one, or several that are different trainings. */

import { show } from '../../errors/index.js';
import type { DifferingSetting, FoundRun } from '../../experiments/index.js';
import { wordsOf } from '../../progress/index.js';
import type { Book, Page } from '../book.js';
import { namedCurveCharts } from '../charts/curves.js';
import { integer } from '../format.js';
import { facts, hashMarkup, html, type Markup } from '../html/markup.js';
import { costsTable, everyEpochTable, lastEpochTable } from '../tables/runs.js';
import type { DataTable } from '../tables/table.js';
import { filesNote, runAgain } from './again.js';

/** What was run and on what. */
function settingsSection({ result, environment, startedAt }: FoundRun): Markup {
  const { settings, model, parameters, dataHash, weightsHash, target, threads, seed } = result;
  const { model: _, seed: _seed, threads: _threads, data, out, resume, ...rest } = settings;
  const told = Object.entries(rest).filter(([, value]) => value !== undefined);
  const machine =
    environment === undefined
      ? []
      : ([
          ['processor', environment.cpu],
          ['cores', integer(environment.cores)],
          ['system', `${environment.platform} ${environment.arch}, ${environment.osRelease}`],
        ] as const);
  return html`<h2>What was run, and on what</h2>
${facts([
  ['model', model],
  ['trainable parameters', integer(parameters)],
  ['data', String(data)],
  ['data hash', hashMarkup(dataHash)],
  ['target', target],
  ['threads', integer(threads)],
  ['seed', String(seed)],
  ...told.map(([name, value]) => [wordsOf(name), typeof value === 'string' ? value : show(value)] as const),
  ['weights', hashMarkup(weightsHash)],
  ...machine,
  ['started', `${startedAt.slice(0, 16).replace('T', ' ')} UTC`],
])}
`;
}

/** The settings in which trainings differ, a row a run. */
const differingTable = (runs: readonly FoundRun[], differing: readonly DifferingSetting[]): DataTable => ({
  name: 'different-settings',
  caption: 'In what the trainings differ',
  columns: [
    { name: 'run', title: 'run' },
    ...differing.map(({ name }) => ({
      name,
      title: wordsOf(name),
      ...(name === 'dataHash' && { show: (text: string) => hashMarkup(text.replaceAll("'", '')) }),
    })),
  ],
  rows: runs.map(({ name }, i) => [name, ...differing.map(({ values }) => values[i]!)]),
});

/** `seed`, `seed and epochs`, `seed, epochs and model`. */
export function listed(words: readonly string[]): string {
  const [last, ...others] = [...words].reverse();
  return others.length === 0 ? last! : `${others.reverse().join(', ')} and ${last}`;
}

/** What is to be known of several trainings before anything else. */
export const differSentence = (differing: readonly DifferingSetting[]): string =>
  `These are different trainings: they differ in ${listed(differing.map(({ name }) => wordsOf(name)))}. Other weights are to be expected, and nothing here says anything of nondeterminism.`;

/** The page `report.html` of one training, or of several that differ in `differing`. */
export async function trainingsPage(
  book: Book,
  runs: readonly FoundRun[],
  differing: readonly DifferingSetting[],
): Promise<Page> {
  const alone = runs.length === 1;
  const name = alone ? runs[0]!.result.model : 'runs';
  const charts = namedCurveCharts(runs).map(([measure, chart]) => [`${name}-${measure}`, chart] as const);
  const verdict = alone
    ? ''
    : html`<p>${differSentence(differing)}</p>
${book.table(differingTable(runs, differing))}
`;
  const epochs = everyEpochTable(name, runs);
  if (!alone) book.data(epochs);
  const body = html`${verdict}<h2>Training</h2>
${await book.row(charts)}
${alone ? book.table(epochs) : book.table(lastEpochTable(name, runs))}
${book.table(costsTable(name, runs))}
${alone ? settingsSection(runs[0]!) : ''}
${alone ? runAgain(runs[0]!.result, html``) : ''}
${filesNote({ curves: true })}`;
  return { file: 'report.html', name: 'Overview', body };
}

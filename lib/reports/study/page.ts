/** The pages of a study: what was run, each measure, what factors do, and the last layers; every figure and table is a file too. */
import type { EnergyOptions } from '../../energy/index.js';
import type { Accounting, DoneTrial, LastLayer, Plan, StudyPrices, StudyTrial } from '../../studies/index.js';
import { configurationStatistics, factorStatistics, measureNames, rangeStatistics } from '../../studies/index.js';
import { Book, type Page } from '../book.js';
import { integer, plural } from '../format.js';
import { facts, html, type Markup } from '../html/markup.js';
import { filesNote, hashNote } from '../pages/again.js';
import { deviationsOverEpochs, differencesChart, samplesByConfiguration, similaritiesOverEpochs } from './charts.js';
import { accountingMarkup, energyTable, energyWords, wattsDataTable } from './energy.js';
import {
  differencesTable,
  factorsTable,
  lastLayersTable,
  rangesTable,
  studyMeasureTitle,
  trialsTable,
  tTestsTable,
} from './tables.js';

/** What a study's report is made of. */
export interface ReportedStudy {
  plan: Plan;
  trials: readonly StudyTrial[];
  done: readonly DoneTrial[];
  layers: readonly LastLayer[];
  prices: StudyPrices;
  energy: EnergyOptions;
  accounting: Accounting | undefined;
}

const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${integer(count)} times`);
const joined = (words: readonly string[]) => words.join(', ');

/** The settings, machine and statistics in words that could be printed. */
function methods({ plan, trials, done, prices }: ReportedStudy, versions: { samebits: string; node: string }): Markup {
  const [first] = done;
  const factors = Object.entries(plan.factors).map(([name, values]) => {
    const labels = Array.isArray(values) ? values.map(String) : Object.keys(values);
    return [name, joined(labels)] as const;
  });
  const modes = Object.entries(plan.modes).map(([mode, runs]) => `${times(runs)} in ${mode} mode`);
  const open = trials.length - done.length;
  const targets = [...new Set(done.map(({ result }) => result.target))];
  return html`<h2>Methods</h2>
<p>${factors.length === 0 ? 'The network' : 'Every combination of the factors'} was trained ${modes.join(' and ')}: ${plural(trials.length, 'training')} in all${
    open === 0 ? '' : `, of which ${integer(open)} had not ended when this report was made and are left out`
  }. Deterministic trainings of one configuration are copies of one training and count as one observation, a value; each atomic
training is an observation. Atomic trainings are compared with the deterministic value by a two-sided one-sample t-test, the values of a
factor by a one-way analysis of variance and by the Kruskal-Wallis test over atomic trainings. All p are adjusted by Holm\u2019s method within
a table. SD divides by n \u2212 1 unless (n) stands beside it. Times are those of the machine and what else it did; they are not tested.</p>
${facts([
  ...factors,
  ...Object.entries(plan.fixed).map(
    ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
  ),
  ['trainings', `${integer(done.length)} of ${integer(trials.length)}`],
  ['targets', joined(targets)],
  ['processors', prices.processors.length === 0 ? 'not noted' : joined(prices.processors)],
  ...('threads' in plan.fixed || 'threads' in plan.factors
    ? []
    : [['threads', joined([...new Set(done.map(({ result }) => integer(result.threads)))])] as const]),
  ['numeric contract', String(first?.result.contract ?? '')],
  ['versions', `samebits ${versions.samebits}, Node.js ${versions.node}`],
])}
`;
}

/** In a sentence: are deterministic trainings one bit pattern, and atomic ones not? */
function verdict(done: readonly DoneTrial[]): string {
  const measured = configurationStatistics(done, 'loss');
  const repeated = measured.filter(({ deterministic }) => deterministic.runs > 1);
  const alike = repeated.filter(({ deterministic }) => deterministic.distinctWeights === 1);
  const several = measured.filter(({ atomic }) => atomic.runs > 1);
  const apart = several.filter(({ atomic }) => atomic.distinctWeights > 1);
  return [
    ...(repeated.length > 0
      ? [
          `Deterministic trainings ended in one bit pattern in ${alike.length} of ${plural(repeated.length, 'configuration')} that had more than one.`,
        ]
      : []),
    ...(several.length > 0
      ? [
          `Atomic trainings ended in different bit patterns in ${apart.length} of ${plural(several.length, 'configuration')}.`,
        ]
      : []),
  ].join(' ');
}

/** The pages, and the book of their figures and tables. */
export async function studyPages(
  study: ReportedStudy,
  versions: { samebits: string; node: string },
): Promise<{ pages: Page[]; book: Book }> {
  const { done, layers, prices, energy, accounting } = study;
  const book = new Book();
  const names = measureNames(done);
  // The first page's, so that tables are numbered as they are read.
  const trainings = book.table(trialsTable(done, names));
  const sections: Markup[] = [];
  for (const measure of names) {
    const rows = configurationStatistics(done, measure);
    const tested = measure !== 'seconds';
    // By the values of factors: without any there is nothing to tell apart.
    const ranges = rangeStatistics(done, measure);
    const figures = [
      await book.figure(
        `samples-${measure}`,
        samplesByConfiguration(measure, rows),
        samplesByConfiguration(measure, rows, 'narrow'),
      ),
      ...(rows.some(({ differencePercent }) => differencePercent !== null)
        ? [
            await book.figure(
              `differences-${measure}`,
              differencesChart(measure, rows),
              differencesChart(measure, rows, 'narrow'),
            ),
          ]
        : []),
    ];
    sections.push(html`<section><h2>${studyMeasureTitle(measure)}</h2>
${figures}
${book.table(differencesTable(measure, rows))}
${ranges.length === 0 ? '' : book.table(rangesTable(measure, ranges))}
${tested ? book.table(tTestsTable(measure, rows)) : ''}
${tested ? factorsMarkup(book, study, measure) : ''}</section>
`);
  }
  const weights =
    layers.length === 0
      ? html`<p>No configuration has two atomic trainings that kept their weights.</p>`
      : html`
${await book.figure('last-layer-deviations', deviationsOverEpochs(layers), deviationsOverEpochs(layers, 'narrow'))}
${await book.figure('last-layer-similarities', similaritiesOverEpochs(layers), similaritiesOverEpochs(layers, 'narrow'))}
${book.table(lastLayersTable(layers))}`;
  const pages: Page[] = [
    {
      file: 'report.html',
      name: 'Overview',
      body: html`<p class="lead">${verdict(done)}</p>
${methods(study, versions)}
<h2>Trainings</h2>
${trainings}
${hashNote}
${filesNote({ curves: false })}`,
    },
    { file: 'measures.html', name: 'Measures', body: html`${sections}` },
    { file: 'weights.html', name: 'Weights', body: html`<p>${weightsNote}</p>${weights}` },
    {
      file: 'energy.html',
      name: 'Energy',
      body: html`${energyWords(prices, energy)}
${book.table(energyTable(prices))}
${prices.all.basis.includes('modelled') ? book.table(wattsDataTable()) : ''}
${accountingMarkup(book, accounting)}`,
    },
  ];
  return { pages, book };
}

const weightsNote =
  'The last layer has what all layers before it did. How far the atomic trainings of a configuration are apart there is shown over the epochs whose weights were kept.';

function factorsMarkup(book: Book, { done }: ReportedStudy, measure: string): Markup | string {
  const rows = factorStatistics(done, measure);
  return rows.length === 0 ? '' : book.table(factorsTable(measure, rows));
}

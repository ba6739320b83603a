/** The page on statistics: the runs of the modes as samples, and what tests say of them. */
import type { MeasureStatistics, Result } from '../../experiments/index.js';
import { isShare } from '../../progress/index.js';
import { leastForInterval } from '../../stats/index.js';
import { type Book, eachResult, type Page, type ReportedResult, targetsOf } from '../book.js';
import { samplesChart } from '../charts/samples.js';
import { html, type Markup } from '../html/markup.js';
import { effectsTable, measureTitle, samplesTable, testsTable } from '../tables/statistics.js';

const formatOf = (measure: string) => (measure === 'stepSeconds' ? '.3~f' : isShare(measure) ? '.1~%' : '.4~g');

async function modesSection(book: Book, result: Result): Promise<Markup> {
  const { statistics, definition } = result;
  if (statistics === null) return html`<p>Only one mode was run, so there is nothing to test it against.</p>`;
  const charts = statistics.map((one: MeasureStatistics) => {
    const chart = samplesChart(measureTitle(one.measure), one, formatOf(one.measure));
    return [`${definition.model}-sample-${one.measure}`, chart] as const;
  });
  return html`${await book.row(charts)}
${book.table(samplesTable(result, statistics))}
${book.table(testsTable(result, statistics))}
${book.table(effectsTable(result, statistics))}
`;
}

/** The page `statistics.html`. */
export async function statisticsPage(book: Book, reported: readonly ReportedResult[]): Promise<Page> {
  const counts = targetsOf(reported[0]!.result).map(([, { mode, runs }]) => ({ mode, runs: runs.length }));
  const least = counts.reduce((few, { runs }) => Math.min(few, runs), Number.POSITIVE_INFINITY);
  const said = counts.every(({ runs }) => runs === least)
    ? `Each mode was run ${least} times.`
    : `There are ${counts.map(({ mode, runs }) => `${runs} ${mode}`).join(' and ')} runs.`;
  const intro = html`<p>${said} Deterministic runs are copies of one training, so they are one observation, a value,
and the question is whether atomic runs are off that value (one-sample t-test, two-sided). ANOVA and Kruskal-Wallis ask
whether two groups of observations differ: of step times, and of deterministic runs if they should not be copies. ${
    least < 10 ? `With ${least} runs a mode, tests see large differences only.` : ''
  }</p>
`;
  const body = await eachResult(reported, ({ result }) => modesSection(book, result));
  const note = html`<p class="note">SD: standard deviation, dividing by n \u2212 1 and by n. Intervals are percentile bootstraps of
2,000 resamples, seeded with the seed of the experiment; with fewer than ${leastForInterval} observations there is none, as it would be
little but the range and hold the mean far less often than it says. p is adjusted by Holm\u2019s method. Cohen\u2019s d and Hedges\u2019 g: atomic mean minus deterministic mean, in
standard deviations (of the atomic runs beside a value, pooled between groups); \u03b7\u00b2 and \u03b5\u00b2: share of the variance, and of the variance of ranks, that lies between the modes.</p>
`;
  return { file: 'statistics.html', name: 'Statistics', body: html`${intro}${body}${note}` };
}

/** The tables of a study: every trial, and what Tables 5.1 to 5.6 of Eryilmaz (2023) hold, of whatever factors the plan has. */
import type { Cell } from '../../files/index.js';
import { measuredAs } from '../../progress/index.js';
import {
  type ConfigurationStatistics,
  type DoneTrial,
  type FactorStatistics,
  type Gap,
  type LastLayer,
  measuresOfTrial,
  type RangeStatistics,
  type Tested,
} from '../../studies/index.js';
import { fixed, integer, probability, scientific, similarity } from '../format.js';
import { hashMarkup } from '../html/markup.js';
import { titleOf } from '../measures.js';
import type { Column, DataTable } from '../tables/table.js';

/** A measure as people call it: `Validation accuracy`, `Time, s`. */
export const studyMeasureTitle = (name: string): string => (name === 'seconds' ? 'Time, s' : titleOf(measuredAs(name)));

/** What stands in the place of a test that could not be made. */
const gapWords: Readonly<Record<Gap, string>> = {
  'no deterministic value': 'not tested: no deterministic training has ended',
  'deterministic trainings differ': 'not tested: the deterministic trainings differ, so there is no one value',
  'fewer than two atomic trainings': 'not tested: it takes two atomic trainings',
  'every value is the deterministic one': 'every atomic training has the deterministic value: nothing to test',
  'no spread': 'all values are equal within their group: no finite value',
  'fewer than two groups of two trainings': 'not tested: it takes two groups of two trainings',
};

const says = ({ pHolm, gap }: Tested, finding: string): string =>
  gap !== null ? gapWords[gap] : pHolm! < 0.05 ? finding : 'no difference can be told from these trainings';

const factorColumns = (labels: Readonly<Record<string, string>>): Column[] =>
  Object.keys(labels).map((name) => ({ name, title: name, words: true }));

const labelsOf = (rows: readonly { labels: Readonly<Record<string, string>> }[]) => rows[0]?.labels ?? {};

/** Every finished trial with all that it measured; a row a trial. */
export function trialsTable(trials: readonly DoneTrial[], measures: readonly string[]): DataTable {
  const labels = trials[0]?.trial.configuration.labels ?? {};
  return {
    name: 'trials',
    caption: 'Every finished training, after its last epoch',
    columns: [
      { name: 'trial', title: 'training' },
      ...factorColumns(labels).map((column) => ({ ...column, fileOnly: true })),
      { name: 'mode', title: 'mode', fileOnly: true },
      { name: 'run', title: 'run', fileOnly: true },
      ...measures.map((name) => ({ name, title: studyMeasureTitle(name), show: scientific })),
      { name: 'peakMemoryMiB', title: 'peak memory, MiB', show: integer },
      { name: 'threads', title: 'threads', fileOnly: true },
      { name: 'target', title: 'target', fileOnly: true },
      { name: 'weightsHash', title: 'weights', show: hashMarkup },
    ],
    rows: trials.map((one): Cell[] => {
      const { trial, result } = one;
      const measured = measuresOfTrial(one);
      return [
        trial.folder.replace(/^trials\//, ''),
        ...Object.values(trial.configuration.labels),
        ...[trial.mode, trial.run],
        ...measures.map((name) => measured[name] ?? null),
        ...[result.peakMemoryMiB, result.threads, result.target, result.weightsHash],
      ];
    }),
  };
}

/** Tables 5.1 to 5.3, with the deviations of Figures 5.1 to 5.3: a row a configuration. */
export function differencesTable(measure: string, rows: readonly ConfigurationStatistics[]): DataTable {
  return {
    name: `differences-${measure}`,
    caption: `${studyMeasureTitle(measure)}: the mean of the atomic trainings (ND) and the deterministic value (D); difference: (D \u2212 ND) / ND`,
    columns: [
      { name: 'configuration', title: 'configuration' },
      ...factorColumns(labelsOf(rows)).map((column) => ({ ...column, fileOnly: true })),
      { name: 'atomicRuns', title: 'atomic runs', show: integer },
      { name: 'atomicMean', title: 'ND', show: scientific },
      { name: 'sd', title: 'SD (n \u2212 1)', show: scientific },
      { name: 'sdPopulation', title: 'SD (n)', show: scientific },
      { name: 'min', title: 'least', show: scientific },
      { name: 'max', title: 'greatest', show: scientific },
      { name: 'atomicDistinct', title: 'bit patterns', show: integer },
      { name: 'deterministicRuns', title: 'deterministic runs', show: integer, fileOnly: true },
      { name: 'deterministicDistinct', title: 'bit patterns of D', show: integer },
      { name: 'deterministic', title: 'D', show: scientific },
      { name: 'differencePercent', title: 'difference, %', show: (value: number | null) => fixed(value, 3) },
    ],
    rows: rows.map(({ configuration, labels, atomic, deterministic, differencePercent }) => [
      ...[configuration, ...Object.values(labels), atomic.runs, atomic.summary?.mean ?? null],
      ...[atomic.summary === null || atomic.runs < 2 ? null : atomic.summary.sd],
      ...[atomic.summary === null || atomic.runs < 2 ? null : atomic.summary.sdPopulation],
      ...[atomic.summary?.min ?? null, atomic.summary?.max ?? null, atomic.distinctWeights],
      ...[deterministic.runs, deterministic.distinctWeights, deterministic.value, differencePercent],
    ]),
  };
}

/** Table 5.4: a row a label of a factor. */
export const rangesTable = (measure: string, rows: readonly RangeStatistics[]): DataTable => ({
  name: `ranges-${measure}`,
  caption: `${studyMeasureTitle(measure)}: the least, the mean and the greatest of all trainings of both modes, by each factor`,
  columns: [
    { name: 'of', title: 'trainings' },
    { name: 'runs', title: 'runs', show: integer },
    { name: 'min', title: 'least', show: scientific },
    { name: 'mean', title: 'mean', show: scientific },
    { name: 'max', title: 'greatest', show: scientific },
  ],
  rows: rows.map(({ factor, label, runs, min, mean, max }) => [`${factor} ${label}`, runs, min, mean, max]),
});

/** Table 5.5: a row a configuration. */
export const tTestsTable = (measure: string, rows: readonly ConfigurationStatistics[]): DataTable => ({
  name: `t-tests-${measure}`,
  caption: `${studyMeasureTitle(measure)}: the atomic trainings of each configuration against the deterministic value (one-sample t-test, two-sided). \u201cAdjusted\u201d is p corrected for all rows (Holm); \u201cseen from\u201d is the smallest difference that 80 of 100 such studies would find at the 5 % level`,
  columns: [
    { name: 'configuration', title: 'configuration' },
    { name: 'runs', title: 'runs', show: integer },
    { name: 't', title: 't', show: scientific },
    { name: 'degreesOfFreedom', title: 'd. f.' },
    { name: 'p', title: 'p', show: probability },
    { name: 'pHolm', title: 'adjusted', show: probability },
    { name: 'cohensD', title: 'Cohen\u2019s d', show: scientific },
    { name: 'hedgesG', title: 'Hedges\u2019 g', show: scientific },
    { name: 'smallestSeen', title: 'seen from', show: scientific },
    { name: 'says', title: 'what it says', words: true },
  ],
  rows: rows.map(({ configuration, atomic, tTest, cohensD, hedgesG, smallestSeen }) => [
    ...[configuration, atomic.runs, tTest.statistic, tTest.degreesOfFreedom, tTest.p, tTest.pHolm],
    ...[cohensD, hedgesG, smallestSeen, says(tTest, 'off the deterministic value (5 % level)')],
  ]),
});

const heldText = (held: Readonly<Record<string, string>>) => Object.values(held).join(', ') || 'all';

/** Table 5.6: two rows, one a test, for each factor and combination of the others. */
export const factorsTable = (measure: string, rows: readonly FactorStatistics[]): DataTable => ({
  name: `factors-${measure}`,
  caption: `${studyMeasureTitle(measure)}: do the values of a factor differ, all others held? Groups of atomic trainings; \u201cadjusted\u201d is p corrected for all rows (Holm)`,
  columns: [
    { name: 'test', title: 'factor, held: test' },
    { name: 'groups', title: 'groups', show: integer },
    { name: 'runs', title: 'runs', show: integer },
    { name: 'value', title: 'value', show: scientific },
    { name: 'degreesOfFreedom', title: 'd. f.' },
    { name: 'p', title: 'p', show: probability },
    { name: 'pHolm', title: 'adjusted', show: probability },
    { name: 'effect', title: '\u03b7\u00b2 or \u03b5\u00b2', show: scientific },
    { name: 'says', title: 'what it says', words: true },
  ],
  rows: rows.flatMap(({ factor, held, groups, anova, kruskalWallis }): Cell[][] => {
    const runs = groups.reduce((sum, group) => sum + group.runs, 0);
    const finding = `its values differ (5 % level)`;
    const row = (name: string, test: Tested, degrees: string, effect: number | null): Cell[] => [
      ...[`${factor}, ${heldText(held)}: ${name}`, groups.length, runs, test.statistic, degrees, test.p, test.pHolm],
      ...[effect, says(test, finding)],
    ];
    return [
      row('ANOVA, F', anova, anova.degreesOfFreedom?.join(', ') ?? '', anova.etaSquared),
      row(
        'Kruskal-Wallis, H',
        kruskalWallis,
        String(kruskalWallis.degreesOfFreedom ?? ''),
        kruskalWallis.epsilonSquared,
      ),
    ];
  }),
});

/** What Figures 5.10 to 5.12 draw: a row a configuration and epoch. */
export const lastLayersTable = (rows: readonly LastLayer[]): DataTable => ({
  name: 'last-layers',
  caption:
    'The last layers of the atomic trainings of each configuration: mean standard deviation of a component, and cosine similarity of two trainings',
  columns: [
    { name: 'configuration', title: 'configuration' },
    { name: 'layer', title: 'layer', words: true },
    { name: 'epoch', title: 'epoch', show: integer },
    { name: 'runs', title: 'runs', show: integer },
    { name: 'meanSdPopulation', title: 'mean SD (n)', show: scientific },
    { name: 'meanSd', title: 'mean SD (n \u2212 1)', show: scientific },
    { name: 'similarityLeast', title: 'similarity, least', show: similarity },
    { name: 'similarityMean', title: 'mean', show: similarity },
    { name: 'similarityGreatest', title: 'greatest', show: similarity },
  ],
  rows: rows.map((one) => [
    ...[one.configuration, one.layer, one.epoch, one.runs, one.meanSdPopulation, one.meanSd],
    ...[one.similarityLeast, one.similarityMean, one.similarityGreatest],
  ]),
});

/** Tables of the statistics: the runs of each mode as samples, tests with what they say in words, and effect sizes. */
import type { Degenerate, Measure, MeasureStatistics, Result, TestResult } from '../../experiments/index.js';
import type { Cell } from '../../files/index.js';
import { measuredAs } from '../../progress/index.js';
import { leastForInterval } from '../../stats/index.js';
import { integer, probability, scientific } from '../format.js';
import { titleOf } from '../measures.js';
import type { DataTable } from './table.js';

/** A measure as people call it: `Training loss`, `Median step time, s`. */
export const measureTitle = (name: Measure): string =>
  name === 'stepSeconds' ? 'Median step time, s' : titleOf(measuredAs(name));

/** Mean, both standard deviations and the interval of the mean, a row a measure and mode. */
export function samplesTable(result: Result, statistics: readonly MeasureStatistics[]): DataTable {
  const rows = statistics.flatMap((one) =>
    (['deterministic', 'atomic'] as const).map((mode) => {
      const { summary, observations, interval } = one[mode];
      const { count, sd, sdPopulation, min, median, max } = summary;
      return [
        `${measureTitle(one.measure)}, ${mode}`,
        count,
        observations,
        summary.mean,
        sd,
        sdPopulation,
        interval?.low ?? null,
        interval?.high ?? null,
        min,
        median,
        max,
      ];
    }),
  );
  const names = ['mean', 'sd', 'sdPopulation', 'meanLow', 'meanHigh', 'min', 'median', 'max'];
  const titles = ['mean', 'SD (n \u2212 1)', 'SD (n)', 'mean, from', 'to', 'least', 'median', 'largest'];
  return {
    name: `${result.definition.model}-samples`,
    caption: `The runs of each mode after the last epoch. Copies of one training are one observation; \u201cfrom\u201d and \u201cto\u201d are the 95 % bootstrap interval of the mean, which takes ${leastForInterval} observations`,
    columns: [
      { name: 'sample', title: 'measure, mode' },
      { name: 'runs', title: 'runs', show: integer },
      { name: 'observations', title: 'observations', show: integer },
      ...names.map((name, i) => ({ name, title: titles[i]!, show: scientific, fileOnly: i === 6 })),
    ],
    rows,
  };
}

/** What a test without a number means. */
const tTestWords: Record<Degenerate, string> = {
  'all equal': 'every atomic run has exactly the deterministic value: nothing to test',
  'no spread': 'all atomic runs have one value, and it is not the deterministic one: t has no finite value',
  'no value': 'there is no single deterministic value to test against',
  'one observation': 'one observation',
  'too few runs': 'too few runs',
};
const groupWords: Record<Degenerate, string> = {
  'all equal': 'all runs of both modes have one value: nothing to test',
  'no spread': 'no run differs from another of its mode, but the modes differ: no finite value',
  'no value': 'no value',
  'one observation':
    'not tested: all deterministic runs are copies of one training, so they are one observation and no group',
  'too few runs': 'fewer than three atomic runs: no corrected effect size',
};

function verdict({ pHolm, degenerate }: TestResult, words: Record<Degenerate, string>, finding: string): string {
  if (degenerate !== null) return words[degenerate];
  return pHolm! < 0.05 ? finding : 'no difference can be told from these runs';
}

/** The rows of one measure; the last cell is what the row says. */
function testRows({ measure, tTest, anova, kruskalWallis }: MeasureStatistics): Cell[][] {
  const title = measureTitle(measure);
  const differ = 'the modes differ (5 % level)';
  const off = 'atomic runs are off the deterministic value (5 % level)';
  return [
    [
      `${title}: t-test`,
      tTest.statistic,
      `${tTest.degreesOfFreedom}`,
      tTest.p,
      tTest.pHolm,
      verdict(tTest, tTestWords, off),
    ],
    [
      ...[`${title}: ANOVA, F`, anova.statistic, anova.degreesOfFreedom.join(', '), anova.p, anova.pHolm],
      verdict(anova, groupWords, differ),
    ],
    [
      ...[`${title}: Kruskal-Wallis, H`, kruskalWallis.statistic, `${kruskalWallis.degreesOfFreedom}`],
      ...[kruskalWallis.p, kruskalWallis.pHolm, verdict(kruskalWallis, groupWords, differ)],
    ],
  ];
}

/** Every test, a row each. */
export function testsTable(result: Result, statistics: readonly MeasureStatistics[]): DataTable {
  return {
    name: `${result.definition.model}-tests`,
    caption: 'Tests. \u201cAdjusted\u201d is p corrected for all tests of this table (Holm); what is said goes by it',
    columns: [
      { name: 'test', title: 'measure: test' },
      { name: 'value', title: 'value', show: scientific },
      { name: 'degreesOfFreedom', title: 'd. f.' },
      { name: 'p', title: 'p', show: probability },
      { name: 'pHolm', title: 'adjusted', show: probability },
      { name: 'says', title: 'what it says', words: true },
    ],
    rows: statistics.flatMap(testRows),
  };
}

const effectWords: Record<Degenerate, string> = {
  ...groupWords,
  'one observation': 'deterministic runs are one observation: no share between groups, d and g against their value',
};

const effects = ['cohensD', 'hedgesG', 'etaSquared', 'epsilonSquared'] as const;
const effectTitles = ['Cohen\u2019s d', 'Hedges\u2019 g', '\u03b7\u00b2', '\u03b5\u00b2'];

/** Every effect size, a row a measure; a reason where there is none. */
export function effectsTable(result: Result, statistics: readonly MeasureStatistics[]): DataTable {
  const reason = (one: MeasureStatistics) =>
    [...new Set(effects.flatMap((effect) => one[effect].degenerate ?? []))].map((why) => effectWords[why]).join('; ');
  return {
    name: `${result.definition.model}-effects`,
    caption: 'Effect sizes: how large the difference of the modes is, however many runs there are',
    columns: [
      { name: 'measure', title: 'measure' },
      ...effects.map((name, i) => ({ name, title: effectTitles[i]!, show: scientific })),
      { name: 'says', title: 'where there is none', words: true },
    ],
    rows: statistics.map((one) => [
      measureTitle(one.measure),
      ...effects.map((effect) => one[effect].value),
      reason(one),
    ]),
  };
}

/** The figures of a study, of whatever factors: a row a configuration, or a small chart of its own. */
import { isShare, measuredAs } from '../../progress/index.js';
import type { ConfigurationStatistics, LastLayer } from '../../studies/index.js';
import { type Chart, colorOf, ink, muted } from '../charts/render.js';
import { studyMeasureTitle } from './tables.js';

const rowHeight = 24;

/** What the marks of a chart are called, above it: whole names, in the colours of the marks. */
const legendOf = (names: Readonly<Record<string, string>>) => ({
  scale: { domain: Object.keys(names), range: Object.values(names) },
  legend: {
    title: null,
    orient: 'top',
    direction: 'vertical',
    labelLimit: 0,
    labelColor: ink,
    symbolType: 'square',
    symbolOpacity: 1,
  },
});
const said = (name: string, names: Readonly<Record<string, string>>) => ({
  color: { datum: name, ...legendOf(names) },
});

/** The unit of an axis and its measure: what is no time is counted in nothing, and says what it is a mean of. */
const axisTitle = (measure: string) =>
  measure === 'seconds' ? 'time of a training, s' : `${studyMeasureTitle(measure)} after the last epoch`;

/** Which figures of the thesis show the same. */
const after = (figures: string) => `As ${figures} of Eryilmaz (2023).`;
/** A row a configuration, told by the values of the factors that the axis names. */
const rowOf = (rows: readonly ConfigurationStatistics[]) => ({
  field: 'configuration',
  type: 'nominal',
  sort: null,
  title: Object.keys(rows[0]?.labels ?? {}).join(' + ') || null,
  axis: { domain: false, ticks: false, grid: true, labelLimit: 0 },
});

/** A figure of a study is there twice: for a page, and for where there is little room. */
export type Form = 'wide' | 'narrow';
const widths: Readonly<Record<Form, number>> = { wide: 720, narrow: 360 };

/** Figures 5.1 to 5.3 in one: values of all trainings by configuration. */
export function samplesByConfiguration(
  measure: string,
  rows: readonly ConfigurationStatistics[],
  form: Form = 'wide',
): Chart {
  const row = rowOf(rows);
  const title = studyMeasureTitle(measure);
  const { of } = measuredAs(measure);
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title: axisTitle(measure),
    scale: { zero: false, nice: true, padding: 8 },
    axis: { format: isShare(of) ? '.1~%' : '.4~g', tickCount: form === 'wide' ? 5 : 3 },
  });
  const atomic = rows.flatMap(({ configuration, atomic: { values } }) =>
    values.map((value) => ({ configuration, value })),
  );
  const means = rows.flatMap(({ configuration, atomic: { summary } }) =>
    summary === null ? [] : [{ configuration, low: summary.mean - summary.sd, to: summary.mean + summary.sd }],
  );
  const ordered = rows.flatMap(({ configuration, deterministic: { value } }) =>
    value === null ? [] : [{ configuration, value }],
  );
  const names = {
    'atomic training': colorOf('atomic'),
    'deterministic value': colorOf('deterministic'),
  };
  return {
    label: `${title} of every training by configuration`,
    caption: `${axisTitle(measure)}, of every training, a row for each configuration. Ring: an atomic training. Bar: the mean of the atomic trainings plus and minus one standard deviation (n \u2212 1). Dot: the deterministic value. ${measure === 'seconds' ? 'Times depend on what else the machine did.' : after('Figures 5.1 to 5.3')}`,
    width: widths[form],
    height: 115 + rowHeight * rows.length,
    spec: {
      layer: [
        {
          data: { values: means },
          mark: { type: 'bar', height: 9, opacity: 0.28, color: colorOf('atomic') },
          encoding: { y: row, x: x('low'), x2: { field: 'to' } },
        },
        {
          data: { values: atomic },
          mark: { type: 'point', filled: false, size: 60, strokeWidth: 1.3 },
          encoding: { y: row, x: x('value'), ...said('atomic training', names) },
        },
        {
          data: { values: ordered },
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: { y: row, x: x('value'), ...said('deterministic value', names) },
        },
      ],
    },
  };
}

/** Figures 5.4 to 5.9: differences in per cent, a bar a configuration, with the deviation of the atomic trainings beside it. */
export function differencesChart(
  measure: string,
  rows: readonly ConfigurationStatistics[],
  form: Form = 'wide',
): Chart {
  const row = rowOf(rows);
  const title = studyMeasureTitle(measure);
  const values = rows.flatMap(({ configuration, differencePercent, atomic: { summary } }) => {
    if (differencePercent === null || summary === null) return [];
    const spread = (summary.sd / Math.abs(summary.mean)) * 100;
    return [{ configuration, difference: differencePercent, low: -spread, to: spread }];
  });
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title: form === 'wide' ? `${title}: (deterministic \u2212 atomic mean) / atomic mean, %` : 'difference, %',
    axis: { tickCount: form === 'wide' ? 5 : 3, format: ',.4~r' },
  });
  const names = {
    'deterministic training': colorOf('deterministic'),
    'one standard deviation of the atomic trainings': muted,
  };
  return {
    label: `${title}: difference of the deterministic training from the atomic mean, in per cent, by configuration`,
    caption: `${axisTitle(measure)}: how far the deterministic training is off the mean of the atomic ones, in per cent of that mean, a row for each configuration. The grey bar is one standard deviation (n \u2212 1) of the atomic trainings to each side. ${after(measure === 'seconds' ? 'Figures 5.7 to 5.9' : 'Figures 5.4 to 5.6')}`,
    width: widths[form],
    height: 115 + rowHeight * values.length,
    spec: {
      data: { values },
      encoding: { y: row },
      layer: [
        {
          mark: { type: 'bar', height: 14, opacity: 0.3 },
          encoding: {
            x: x('low'),
            x2: { field: 'to' },
            ...said('one standard deviation of the atomic trainings', names),
          },
        },
        {
          mark: { type: 'bar', height: 6 },
          encoding: { x: x('difference'), ...said('deterministic training', names) },
        },
        { mark: { type: 'rule', color: muted }, encoding: { x: { datum: 0 } } },
      ],
    },
  };
}

/** Figures 5.10 to 5.12: a small chart a configuration, over the epochs. */
function smallMultiples(
  rows: readonly LastLayer[],
  title: string,
  layer: readonly object[],
  words: { label: string; caption: string },
  form: Form,
): Chart {
  const configurations = [...new Set(rows.map(({ configuration }) => configuration))];
  const columns = form === 'wide' ? Math.min(3, configurations.length) : 1;
  return {
    ...words,
    width: widths[form],
    height: 60 + Math.ceil(configurations.length / columns) * 170,
    spec: {
      autosize: { type: 'pad' },
      data: { values: rows },
      facet: {
        field: 'configuration',
        type: 'nominal',
        sort: configurations,
        title: null,
        header: { labelColor: ink, labelLimit: 0, labelFontSize: 12 },
      },
      columns,
      spec: {
        width: Math.floor((widths[form] - 60) / columns) - 50,
        height: 110,
        encoding: {
          x: {
            field: 'epoch',
            type: 'quantitative',
            title: 'epoch',
            axis: { tickMinStep: 1, tickCount: 4, format: '.0f' },
          },
        },
        layer,
      },
      title,
    },
  };
}

const measured = (field: string, title: string) => ({ field, type: 'quantitative', title, scale: { zero: false } });

/** The mean standard deviation of a component of the last layer. */
export const deviationsOverEpochs = (rows: readonly LastLayer[], form: Form = 'wide'): Chart =>
  smallMultiples(
    rows,
    'Mean standard deviation of a component',
    [
      {
        mark: { type: 'line', point: { color: colorOf('atomic') }, color: colorOf('atomic') },
        encoding: { y: measured('meanSdPopulation', 'mean SD (n)') },
      },
    ],
    {
      label: 'Mean standard deviation of a component of the last layer over the epochs, by configuration',
      caption: `The last layers of the atomic trainings of each configuration: standard deviation (n) of each component over the trainings, and its mean over the components, after each epoch whose weights were kept. ${after('Figure 5.10')}`,
    },
    form,
  );

/** The least, mean and greatest cosine similarity of two last layers. */
export const similaritiesOverEpochs = (rows: readonly LastLayer[], form: Form = 'wide'): Chart =>
  smallMultiples(
    rows,
    'Cosine similarity of two trainings',
    [
      {
        mark: { type: 'area', opacity: 0.22, color: colorOf('atomic') },
        encoding: {
          y: measured('similarityLeast', 'cosine similarity'),
          y2: { field: 'similarityGreatest' },
        },
      },
      {
        mark: { type: 'line', point: { color: colorOf('atomic') }, color: colorOf('atomic') },
        encoding: { y: measured('similarityMean', 'cosine similarity') },
      },
    ],
    {
      label:
        'Cosine similarity of the last layers of two trainings over the epochs, by configuration: least, mean, greatest',
      caption: `The last layers of the atomic trainings of each configuration: cosine similarity of every two of them after each epoch whose weights were kept. Line: the mean of all pairs. Band: from the least to the greatest. ${after('Figures 5.11 and 5.12')}`,
    },
    form,
  );

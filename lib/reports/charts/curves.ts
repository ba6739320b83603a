/** Loss and accuracy over epochs, one thin line a run: runs that are alike lie on one line. */
import type { Result } from '../../experiments/index.js';
import { isShare, wordsOf } from '../../progress/index.js';
import type { TrainResult } from '../../runs/index.js';
import { summarize } from '../../stats/index.js';
import { meanOf, measuresOfRuns, titleOf } from '../measures.js';
import { type Chart, colorOf, ink } from './render.js';

/** An x axis of whole epochs. */
export function epochAxis(epochs: number): object {
  const values = Array.from({ length: epochs }, (_, index) => index + 1);
  const step = Math.max(1, Math.ceil(epochs / 10));
  return {
    field: 'epoch',
    type: 'quantitative',
    title: 'epoch',
    scale: { domain: [1, Math.max(2, epochs)], nice: false, padding: 8 },
    // The count keeps vega from thinning out the values it is given.
    axis: { values: values.filter((epoch) => epoch % step === 0 || epoch === 1), tickCount: 20, format: '.0f' },
  };
}

/** A line of a chart: which run, how its line is drawn, and its means after each epoch. */
interface Line {
  run: string;
  mode: string;
  epochs: TrainResult['epochs'];
}

const linesOf = (result: Result): Line[] =>
  Object.entries(result.targets).flatMap(([target, { mode, runs }]) =>
    runs.map(({ epochs }, index) => ({ run: `${target} ${index}`, mode, epochs })),
  );

/** The least and the largest value. */
const rangeOf = (points: readonly { value: number }[]): [number, number] => [
  points.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY),
  points.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY),
];

const pointsOf = (lines: readonly Line[], name: string) =>
  lines.flatMap(({ run, mode, epochs }) =>
    epochs.flatMap((epoch) => {
      const value = meanOf(epoch, name);
      return value === null ? [] : [{ mode, run, epoch: epoch.epoch, value }];
    }),
  );

/** More points than these would make a page heavy. */
const mostHoverable = 600;
/** Points of lines that cannot be seen but be hovered over, while they are not too many for a page. */
const hoverable = (points: number, color: string) => (points <= mostHoverable ? { color, opacity: 0 } : false);

/** Mean and standard deviation (n \u2212 1) of the runs of a mode after each epoch, where there are enough of them to have one. */
function bandsOf(runs: readonly TrainResult[], name: string): object[] {
  const epochs = runs.reduce((least, one) => Math.min(least, one.epochs.length), Number.POSITIVE_INFINITY);
  if (runs.length < 3) return [];
  return Array.from({ length: epochs }, (_, i) => i).flatMap((i) => {
    const values = runs.map((one) => meanOf(one.epochs[i]!, name)).filter((value) => value !== null);
    if (values.length < runs.length) return [];
    const { mean, sd } = summarize(values);
    return [{ epoch: i + 1, mean, low: mean - sd, high: mean + sd }];
  });
}

/** Behind the lines of a mode its mean and its deviation. */
function bandLayers(result: Result, name: string, y: object): object[] {
  return Object.values(result.targets)
    .filter(({ mode, distinctWeights }) => mode !== 'deterministic' && distinctWeights > 2)
    .flatMap(({ mode, runs }) => [
      {
        data: { values: bandsOf(runs, name) },
        mark: { type: 'area', color: colorOf(mode), opacity: 0.16 },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: bandsOf(runs, name) },
        mark: {
          type: 'line',
          color: colorOf(mode),
          strokeWidth: 2.5,
          strokeDash: [6, 3],
          point: { color: colorOf(mode), opacity: 0 },
        },
        encoding: { y: { ...y, field: 'mean' } },
      },
    ]);
}

/** One line layer a mode, in the order of the targets, so that the later lie on top of the earlier. */
function layersOf(result: Result): object[] {
  const points =
    Object.values(result.targets).reduce((sum, { runs }) => sum + runs.length, 0) * result.definition.epochs;
  return Object.values(result.targets).map(({ mode }) => ({
    transform: [{ filter: { field: 'mode', equal: mode } }],
    mark: {
      type: 'line',
      color: colorOf(mode),
      strokeWidth: mode === 'deterministic' ? 3 : 1.25,
      strokeOpacity: mode === 'deterministic' ? 0.85 : 0.9,
      point: result.definition.epochs === 1 ? { color: colorOf(mode) } : hoverable(points, colorOf(mode)),
    },
  }));
}

/** A chart of each mean there is something to show for; `drawn` says how its lines are drawn. */
function chartsOf(
  lines: readonly Line[],
  words: { label: string; caption: string },
  drawn: object,
  behind: (name: string, y: object) => object[] = () => [],
): [name: string, chart: Chart][] {
  const epochs = lines.reduce((most, line) => Math.max(most, line.epochs.length), 1);
  const measures = measuresOfRuns(lines);
  // Training and validation of one measure beside each other.
  const pairs = [...new Set(measures.map(({ of }) => of))].flatMap((of) => measures.filter((one) => one.of === of));
  return pairs.flatMap((measure): [string, Chart][] => {
    const values = pointsOf(lines, measure.name);
    if (values.length === 0) return [];
    const title = titleOf(measure);
    // Without a precision, vega takes as many digits as tell the ticks apart.
    const [low, high] = rangeOf(values);
    // Where all values are equal no precision tells the ticks apart.
    const flat = Math.max(Math.abs(high) * 0.05, 0.01);
    const scale = low < high ? { zero: false, nice: true } : { domain: [low - flat, high + flat], nice: true };
    const axis = { tickCount: 5, format: isShare(measure.of) ? (low < high ? '%' : '.0%') : '~g' };
    const y = { field: 'value', type: 'quantitative', title: wordsOf(measure.of), scale, axis };
    const { encoding, layer, ...rest } = { encoding: {}, layer: undefined as readonly object[] | undefined, ...drawn };
    const layers = layer === undefined ? {} : { layer: [...behind(measure.name, y), ...layer] };
    const chart: Chart = {
      label: `${title} ${words.label}`,
      caption: `${title} ${words.caption}`,
      height: 230,
      spec: { title, data: { values }, ...rest, ...layers, encoding: { x: epochAxis(epochs), y, ...encoding } },
    };
    return [[measure.name, chart]];
  });
}

/** The curves there is something to show for: training always, validation if the runs were validated. */
export const curveCharts = (result: Result): [string, Chart][] =>
  chartsOf(
    linesOf(result),
    {
      label: 'of every run over the epochs',
      caption: `after each epoch, a line for each run; runs that compute the same numbers draw one line.${
        Object.values(result.targets).some(
          ({ mode, distinctWeights }) => mode !== 'deterministic' && distinctWeights > 2,
        )
          ? ' Dashed and shaded: mean of the atomic runs and one standard deviation (n \u2212 1) to each side.'
          : ''
      }`,
    },
    { layer: layersOf(result), encoding: { detail: { field: 'run' } } },
    (name, y) => bandLayers(result, name, y),
  );

/** Colours that can be told apart on light and dark; the first ones are those of the modes. */
const palette = ['#2f76c4', '#cf6420', '#3f9a56', '#a05ac0', '#b39116', '#1d93a5', '#c2476b', '#7a7f87'];

/** The curves of trainings that are named, each in a colour of its own. */
export function namedCurveCharts(runs: readonly { name: string; result: TrainResult }[]): [string, Chart][] {
  const lines = runs.map(({ name, result }) => ({ run: name, mode: '', epochs: result.epochs }));
  const domain = runs.map(({ name }) => name);
  const range = domain.map((_, i) => palette[i % palette.length]!);
  const legend = { title: null, orient: 'bottom', columns: 2, labelColor: ink, labelLimit: 180, symbolType: 'stroke' };
  const color = { field: 'run', type: 'nominal', scale: { domain, range }, legend: runs.length === 1 ? null : legend };
  const alone = runs.length === 1;
  return chartsOf(
    lines,
    {
      label: alone ? 'over the epochs' : 'of every run over the epochs',
      caption: alone ? 'after each epoch.' : 'after each epoch, a line for each run.',
    },
    {
      mark: {
        type: 'line',
        strokeWidth: 2,
        point: lines.every(({ epochs }) => epochs.length === 1)
          ? true
          : lines.reduce((sum, { epochs }) => sum + epochs.length, 0) <= mostHoverable && 'transparent',
      },
      encoding: { color },
    },
  );
}

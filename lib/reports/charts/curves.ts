/** Loss and accuracy over epochs, one thin line a run: runs that are alike lie on one line. */
import type { Result } from '../../experiments/index.js';
import { type Chart, colorOf } from './render.js';

export type Measure = 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy';

export const measures: readonly { measure: Measure; title: string }[] = [
  { measure: 'loss', title: 'Training loss' },
  { measure: 'valLoss', title: 'Validation loss' },
  { measure: 'accuracy', title: 'Training accuracy' },
  { measure: 'valAccuracy', title: 'Validation accuracy' },
];

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

function pointsOf(result: Result, measure: Measure): object[] {
  return Object.entries(result.targets).flatMap(([target, { mode, runs }]) =>
    runs.flatMap((run, index) =>
      run.epochs.flatMap((epoch) => {
        const value = epoch[measure];
        return value === null ? [] : [{ target, mode, run: `${target} ${index}`, epoch: epoch.epoch, value }];
      }),
    ),
  );
}

/** One line layer a target, in the order of the targets, so that the later lie on top of the earlier. */
function layersOf(result: Result): object[] {
  return Object.entries(result.targets).map(([target, { mode }]) => ({
    transform: [{ filter: { field: 'target', equal: target } }],
    mark: {
      type: 'line',
      color: colorOf(mode),
      strokeWidth: mode === 'deterministic' ? 3 : 1.25,
      strokeOpacity: mode === 'deterministic' ? 0.85 : 0.9,
      point: result.definition.epochs === 1 ? { color: colorOf(mode) } : false,
    },
  }));
}

/** The curves there is something to show for: training always, validation if the runs were validated. */
export function curveCharts(result: Result): [Measure, Chart][] {
  return measures.flatMap(({ measure, title }) => {
    const values = pointsOf(result, measure);
    if (values.length === 0) return [];
    const format = measure.endsWith('oss') ? '.2f' : '.0%';
    const chart: Chart = {
      label: `${title} of every run over the epochs`,
      caption: `${title} after each epoch, a line a run; runs that compute the same numbers draw one line.`,
      height: 230,
      spec: {
        title,
        data: { values },
        encoding: {
          x: epochAxis(result.definition.epochs),
          y: {
            field: 'value',
            type: 'quantitative',
            title: null,
            scale: { zero: false, nice: true },
            axis: { format, tickCount: 5 },
          },
          detail: { field: 'run' },
        },
        layer: layersOf(result),
      },
    };
    return [[measure, chart]];
  });
}

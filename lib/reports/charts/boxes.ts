/** A box plot of one measure by mode, with every run as a ring. */
import { type Chart, colorOf } from './render.js';

/** A value of a run, and the mode that it was trained in. */
export interface BoxedValue {
  mode: string;
  value: number;
}

/** Boxes of a measure, a row a mode; `format` is d3's, of the axis. */
export function boxesChart(title: string, axis: string, values: readonly BoxedValue[], format: string): Chart {
  const modes = [...new Set(values.map(({ mode }) => mode))];
  const x = {
    field: 'value',
    type: 'quantitative',
    title: axis,
    scale: { zero: false, nice: true, padding: 8 },
    axis: { format, tickCount: 5, grid: true, labelOverlap: true, labelFlush: true },
  };
  const y = {
    field: 'mode',
    type: 'nominal',
    sort: modes,
    title: null,
    axis: { domain: false, ticks: false, grid: false, labelLimit: 0 },
  };
  const layers = modes.flatMap((mode) => {
    const color = colorOf(mode);
    const data = { values: values.filter((one) => one.mode === mode) };
    const line = { color, strokeWidth: 1.5, opacity: 1 };
    return [
      {
        data,
        mark: {
          type: 'boxplot',
          extent: 1.5,
          size: 30,
          outliers: false,
          ticks: { ...line, size: 16 },
          rule: line,
          box: { color, fillOpacity: 0.18, stroke: color, strokeWidth: 1.5 },
          median: { color, size: 30, thickness: 2.5, opacity: 1 },
        },
        // The median of a box without length takes its colour from here alone.
        encoding: { x, color: { value: color } },
      },
      { data, mark: { type: 'point', filled: false, size: 60, strokeWidth: 1.2, color }, encoding: { x } },
    ];
  });
  const counts = modes.map((mode) => `${mode}: ${values.filter((one) => one.mode === mode).length}`).join(', ');
  return {
    label: `Box plot of ${title} by mode`,
    caption: `${title} of every run (${counts}). Ring: a run. Box: the quartiles, between values along a line; line in it: the median; whiskers: the furthest run within 1.5 times the box's length.`,
    width: 520,
    height: 95 + 55 * modes.length,
    spec: { encoding: { y }, layer: layers },
  };
}

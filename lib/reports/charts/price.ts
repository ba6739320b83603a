/** Step times of every run side by side, and the ratio of the two modes with its interval or range. */
import type { Price, Result } from '../../experiments/index.js';
import { quantile } from '../../stats/index.js';
import { type Chart, colorOf, ink, muted, rule } from './render.js';

/** Median, middle half and middle 80 % of the step times of each run, in milliseconds. */
export function stepTimeChart(result: Result): Chart {
  const values = Object.values(result.targets).flatMap(({ mode, runs, names }) =>
    runs.map((run, index) => {
      const at = (p: number) => quantile(run.stepSeconds, p) * 1000;
      return {
        run: names?.[index] ?? `${mode} ${index + 1}`,
        mode,
        p10: at(0.1),
        p25: at(0.25),
        p50: at(0.5),
        p75: at(0.75),
        p90: at(0.9),
      };
    }),
  );
  const time = (field: string) => ({
    field,
    type: 'quantitative',
    title: 'milliseconds a step',
    scale: { zero: false, nice: true },
  });
  const color = {
    field: 'mode',
    type: 'nominal',
    scale: { domain: ['deterministic', 'atomic'], range: [colorOf('deterministic'), colorOf('atomic')] },
    legend: null,
  };
  return {
    label: 'Time of a training step in every run: median, middle half and middle 80 percent',
    caption: 'Time of a training step in each run. Dot: median. Thick: middle half of the steps. Thin: middle 80 %.',
    height: 62 + 26 * values.length,
    spec: {
      title: 'Time of a step, by run',
      data: { values },
      encoding: {
        y: { field: 'run', type: 'ordinal', sort: null, title: null, axis: { domain: false, ticks: false } },
        color,
      },
      layer: [
        { mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { x: time('p10'), x2: { field: 'p90' } } },
        { mark: { type: 'bar', height: 7, opacity: 0.45 }, encoding: { x: time('p25'), x2: { field: 'p75' } } },
        { mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { x: time('p50') } },
      ],
    },
  };
}

/** The ratio of medians on a line with 1 marked. */
export function ratioChart({ stepTime }: Price): Chart {
  const { estimate, least, largest, interval } = stepTime;
  const { low, high } = interval ?? { low: least, high: largest };
  const what = interval === null ? 'range over two single runs' : '95 % interval';
  const reach = Math.max(0.06, Math.abs(1 - low), Math.abs(high - 1)) * 1.25;
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title: 'deterministic / atomic',
    scale: { domain: [1 - reach, 1 + reach], nice: false },
    axis: { format: '.2f', tickCount: 5 },
  });
  return {
    caption: `Median step time of deterministic runs over that of atomic runs, with its ${what}; at 1 both take as long.`,
    label: `Ratio of step times ${estimate.toFixed(3)}, ${what} ${low.toFixed(3)} to ${high.toFixed(3)}`,
    height: 130,
    spec: {
      title: 'Ratio of median step times',
      data: { values: [{ estimate, low, high, one: 1, text: estimate.toFixed(3), same: 'no difference' }] },
      layer: [
        { mark: { type: 'rule', color: muted, strokeDash: [3, 3] }, encoding: { x: x('one') } },
        { mark: { type: 'rule', color: rule, strokeWidth: 1 }, encoding: { y: { value: 34 } } },
        {
          mark: { type: 'rule', color: colorOf('deterministic'), strokeWidth: 3 },
          encoding: { x: x('low'), x2: { field: 'high' }, y: { value: 34 } },
        },
        {
          mark: { type: 'point', filled: true, size: 90, color: colorOf('deterministic'), opacity: 1 },
          encoding: { x: x('estimate'), y: { value: 34 } },
        },
        {
          mark: { type: 'text', color: ink, fontWeight: 600, dy: -13 },
          encoding: { x: x('estimate'), y: { value: 34 }, text: { field: 'text' } },
        },
      ],
    },
  };
}

/** One measure of every run as a dot, by mode, with the mean and its bootstrap interval, or the range of few runs. */
import type { MeasureStatistics } from '../../experiments/index.js';
import { leastForInterval } from '../../stats/index.js';
import { type Chart, colorOf } from './render.js';

/** Dots of all runs and, above them, mean and interval or range of each mode. */
export function samplesChart(title: string, statistics: MeasureStatistics, format: string): Chart {
  const modes = ['deterministic', 'atomic'] as const;
  const dots = modes.flatMap((mode) => statistics[mode].values.map((value) => ({ mode, value })));
  const means = modes.map((mode) => {
    const { summary, interval } = statistics[mode];
    const { low, high } = interval ?? { low: summary.min, high: summary.max };
    return { mode, estimate: summary.mean, low, high };
  });
  const bars = modes.some((mode) => statistics[mode].interval !== null)
    ? `its 95 % bootstrap interval, or with fewer than ${leastForInterval} observations the range`
    : 'the range of the runs';
  const all = [...dots.map(({ value }) => value), ...means.flatMap(({ low, high }) => [low, high])];
  const [low, high] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const room = high > low ? (high - low) * 0.12 : Math.max(Math.abs(high) * 0.05, 0.01);
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title,
    scale: { domain: [low - room, high + room], nice: false },
    axis: { format, tickCount: 4, grid: true },
  });
  const color = { scale: null, field: 'color', type: 'nominal', legend: null };
  const coloured = (rows: readonly { mode: string }[]) => rows.map((row) => ({ ...row, color: colorOf(row.mode) }));
  const y = {
    field: 'mode',
    type: 'nominal',
    sort: modes,
    title: null,
    axis: { domain: false, ticks: false, grid: false },
  };
  return {
    label: `${title} of every run by mode, with the mean`,
    caption: `${title}: a ring for each run; dot and line, the mean of the mode and ${bars}.`,
    height: 150,
    spec: {
      title,
      encoding: { y, color },
      layer: [
        {
          data: { values: coloured(means) },
          mark: { type: 'rule', strokeWidth: 2.5 },
          encoding: { x: x('low'), x2: { field: 'high' } },
        },
        {
          data: { values: coloured(means) },
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: { x: x('estimate') },
        },
        {
          data: { values: coloured(dots) },
          mark: { type: 'point', filled: false, size: 110, strokeWidth: 1.5, opacity: 0.9 },
          encoding: { x: x('value') },
        },
      ],
    },
  };
}

/** The plot of growth: time per picture and peak memory over batch, side and threads, one SVG that stands alone. */
import { loader, parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { spread } from '../statistics.js';
import type { GrowthAxis, GrowthRow } from './growth.js';

const titles: Record<GrowthAxis, string> = {
  batch: 'pictures in a batch',
  size: 'side of the pictures in pixels',
  threads: 'threads',
};

const panel = (axis: GrowthAxis, field: string, title: string) => ({
  transform: [{ filter: `datum.axis === '${axis}'` }],
  width: 250,
  height: 180,
  mark: { type: 'line', point: { filled: true, size: 40 } },
  encoding: {
    x: {
      field: 'at',
      type: 'quantitative',
      title: titles[axis],
      axis: { tickMinStep: 1, ...(axis === 'threads' ? { format: 'd' } : {}) },
    },
    y: { field, type: 'quantitative', title, scale: { zero: true } },
    color: {
      field: 'model',
      title: 'network',
      legend: { symbolType: 'stroke' },
      scale: { range: ['#1d5fa6', '#c0561a', '#3a7d44'] },
    },
    strokeDash: {
      field: 'mode',
      title: 'mode',
      legend: { symbolType: 'stroke' },
      scale: { domain: ['deterministic', 'atomic'], range: [[], [4, 3]] },
    },
  },
});

/** Draws all rows; the text of an SVG file. */
export async function growthPlot(rows: readonly GrowthRow[]): Promise<string> {
  const values = rows.map((row) => {
    const { median } = spread(row.seconds);
    const perPicture = (1e3 * median) / row.batch;
    return { model: row.model, mode: row.mode, axis: row.axis, at: row[row.axis], perPicture, mib: row.peakMemoryMiB };
  });
  const axes = (Object.keys(titles) as GrowthAxis[]).filter((axis) => rows.some((row) => row.axis === axis));
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    data: { values },
    vconcat: [
      { hconcat: axes.map((axis) => panel(axis, 'perPicture', 'ms per picture')) },
      { hconcat: axes.map((axis) => panel(axis, 'mib', 'peak memory in MiB')) },
    ],
  } as TopLevelSpec;
  const view = new View(parse(compile(spec).spec), { renderer: 'none', loader: loader() });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** How far the runs of one target are apart: a heat map of layers and epochs, and curves per layer. */
import type { LayerDistance, TargetResult } from '../../experiments/index.js';
import { compact } from '../format.js';
import { byLayer, byNumber, isBright } from './colours.js';
import { epochAxis } from './curves.js';
import { type Chart, ink, muted, rule, short } from './render.js';

interface Cell extends LayerDistance {
  epoch: number;
}

const cellsOf = (target: TargetResult): Cell[] =>
  target.divergence.perEpoch.flatMap(({ epoch, layers }) => layers.map((layer) => ({ epoch, ...layer })));

/** Layers in the order of the model. */
const layersOf = (target: TargetResult): string[] => target.divergence.layers.map(({ layer }) => layer);

/** The smallest and largest mean distance that is not 0, for the legend; null if nothing differs. */
export function heatRange(target: TargetResult): [number, number] | null {
  const values = cellsOf(target)
    .map(({ meanUlp }) => meanUlp)
    .filter((value) => value > 0);
  return values.length === 0
    ? null
    : [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Mean ulp distance by layer (down) and epoch (across); the wide form has the numbers written in while they fit. */
export function heatMap(target: TargetResult, form: 'wide' | 'narrow'): Chart {
  const layers = layersOf(target);
  const epochs = target.divergence.perEpoch.length;
  const many = layers.length > 24;
  const [least, largest] = heatRange(target) ?? [1, 1];
  const domain = least < largest ? ([least, largest] as const) : ([least / 2, least * 2] as const);
  const share = (value: number) => Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]);
  const values = cellsOf(target).map(({ layer, epoch, meanUlp }) => {
    return { layer, epoch, meanUlp, text: compact(meanUlp), onBright: meanUlp > 0 && isBright(share(meanUlp)) };
  });
  const bare = { domain: false, ticks: false };
  const cell = { type: 'rect', stroke: 'var(--page, #fff)', strokeWidth: many ? 0.5 : 2 };
  const numbers = {
    mark: { type: 'text', baseline: 'middle', fontSize: 11.5 },
    encoding: {
      text: { field: 'text' },
      color: {
        condition: [
          { test: 'datum.meanUlp === 0', value: ink },
          { test: 'datum.onBright', value: '#000000' },
        ],
        value: '#ffffff',
      },
    },
  };
  const title = 'mean ulp distance';
  return {
    label: 'Mean ulp distance between runs, by layer and epoch',
    caption: `Mean ulp distance of a weight between two runs after each epoch, by layer, from ${compact(least)} to ${compact(largest)}; the colour is on a logarithmic scale, and a grey field is a distance of 0. k, M and G are thousands, millions and thousand millions.`,
    width: form === 'wide' ? 900 : 400,
    height: 120 + layers.length * (many ? 15 : 32),
    spec: {
      title: 'Mean ulp distance between two runs',
      data: { values },
      encoding: {
        x: { field: 'epoch', type: 'ordinal', title: 'epoch', axis: { ...bare, labelAngle: 0, labelOverlap: true } },
        y: { field: 'layer', type: 'ordinal', title: 'layer', sort: layers, axis: { ...bare, labelLimit: 0 } },
      },
      layer: [
        { transform: [{ filter: 'datum.meanUlp === 0' }], mark: { ...cell, color: rule } },
        {
          transform: [{ filter: 'datum.meanUlp > 0' }],
          mark: cell,
          encoding: { color: byNumber('meanUlp', { domain, log: true, title, ...short }) },
        },
        ...(form === 'wide' && epochs <= 14 && !many ? [numbers] : []),
      ],
    },
  };
}

/** A measure that is drawn as one line a layer. */
interface Curve {
  name: string;
  title: string;
  /** Of its axis, with the unit. */
  axis: string;
  pick: (layer: LayerDistance) => number | null;
  log: boolean;
  format: string;
}

const curves: readonly Curve[] = [
  {
    name: 'ulp',
    title: 'Mean ulp distance',
    axis: 'mean distance, ulp',
    pick: (layer) => layer.meanUlp,
    log: true,
    format: '~s',
  },
  {
    name: 'bits',
    title: 'Share of bits that differ',
    axis: 'share of all bits',
    pick: (layer) => layer.differingBits,
    log: false,
    format: '.2~%',
  },
  {
    name: 'cosine',
    title: '1 \u2212 cosine similarity',
    axis: '1 \u2212 cosine similarity',
    pick: ({ cosineSimilarity }) => (cosineSimilarity === null ? null : 1 - cosineSimilarity),
    log: true,
    format: '.0e',
  },
];

/** The layers whose lines get a name: the highest and the lowest at the last epoch. */
function namedLayers(last: readonly LayerDistance[], { pick }: Curve): string[] {
  const sorted = [...last].sort((a, b) => (pick(a) ?? 0) - (pick(b) ?? 0));
  return [sorted[0], sorted.at(-1)].flatMap((layer) => (layer === undefined ? [] : [layer.layer]));
}

/** An axis from 0 up. */
const shares = (format: string) => ({ scale: { domainMin: 0, nice: true }, axis: { format, tickCount: 5 } });

/** A logarithmic axis over whole decades, at most about six of them labelled. */
export function decades(values: readonly (number | null)[], format: string): object {
  const logs = values.flatMap((value) => (value === null ? [] : [Math.log10(value)]));
  if (logs.length === 0) return shares(format);
  const low = Math.floor(logs.reduce((a, b) => Math.min(a, b)));
  const high = Math.max(low + 1, Math.ceil(logs.reduce((a, b) => Math.max(a, b))));
  const step = Math.ceil((high - low) / 6);
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, index) => 10 ** (low + index * step));
  return {
    scale: { type: 'log', domain: [10 ** low, 10 ** high], nice: false },
    axis: { ...(format === '~s' ? short : { format }), values: ticks, tickCount: 20 },
  };
}

function curveChart(target: TargetResult, curve: Curve): Chart {
  const { perEpoch, layers } = target.divergence;
  const names = layersOf(target);
  const values = cellsOf(target)
    .map((cell) => ({
      layer: cell.layer,
      place: names.indexOf(cell.layer) + 1,
      epoch: cell.epoch,
      value: curve.pick(cell),
    }))
    .filter(({ value }) => value !== null && (!curve.log || value > 0));
  const [lowest, highest] = namedLayers(layers, curve);
  const name = (layer: string | undefined, dy: number) => ({
    transform: [
      { filter: { field: 'epoch', equal: perEpoch.at(-1)!.epoch } },
      { filter: { field: 'layer', equal: layer } },
    ],
    mark: { type: 'text', align: 'right', dy, color: muted },
    encoding: { text: { field: 'layer' } },
  });
  const y = {
    field: 'value',
    type: 'quantitative',
    title: curve.axis,
    ...(curve.log
      ? decades(
          values.map(({ value }) => value),
          curve.format,
        )
      : shares(curve.format)),
  };
  const point = perEpoch.length <= 2 ? { filled: true } : 'transparent';
  const line = { mark: { type: 'line', strokeWidth: 1.5, point }, encoding: { color: byLayer(names) } };
  return {
    label: `${curve.title} between runs, by layer, over the epochs`,
    caption: `${curve.title} between runs, after each epoch, a line for each layer; the highest and the lowest at the end are named.`,
    height: 330,
    spec: {
      title: curve.title,
      data: { values },
      encoding: { x: epochAxis(perEpoch.length), y, detail: { field: 'layer' } },
      layer: [line, name(highest, -9), name(lowest, 13)],
    },
  };
}

/** One line a layer over the epochs, for each measure; the highest and the lowest at the end are named. */
export function divergenceCurves(target: TargetResult): [string, Chart][] {
  return curves.map((curve) => [curve.name, curveChart(target, curve)]);
}

/** How far the runs of one target are apart: a heat map of layers and epochs, curves per layer, and which bits. */
import type { LayerDistance, TargetResult } from '../../experiments/index.js';
import { compact } from '../format.js';
import { epochAxis } from './curves.js';
import { type Chart, colorOf, ink, muted } from './render.js';

interface Cell extends LayerDistance {
  epoch: number;
}

const cellsOf = (target: TargetResult): Cell[] =>
  target.divergence.perEpoch.flatMap(({ epoch, layers }) => layers.map((layer) => ({ epoch, ...layer })));

/** Layers in the order of the model. */
const layersOf = (target: TargetResult): string[] => target.divergence.layers.map(({ layer }) => layer);

/** Darkness of a cell, 0 for no difference, otherwise 0.12 to 1 by the logarithm of the distance. */
function darkness(value: number, least: number, largest: number): number {
  if (value === 0) return 0;
  if (largest === least) return 1;
  return 0.12 + (0.88 * (Math.log(value) - Math.log(least))) / (Math.log(largest) - Math.log(least));
}

/** The smallest and largest mean distance that is not 0, for the legend; null if nothing differs. */
export function heatRange(target: TargetResult): [number, number] | null {
  const values = cellsOf(target)
    .map(({ meanUlp }) => meanUlp)
    .filter((value) => value > 0);
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

/** Mean ulp distance by layer (down) and epoch (across); the wide form has the numbers written in while they fit. */
export function heatMap(target: TargetResult, form: 'wide' | 'narrow'): Chart {
  const layers = layersOf(target);
  const epochs = target.divergence.perEpoch.length;
  const many = layers.length > 24;
  const [least, largest] = heatRange(target) ?? [1, 1];
  const values = cellsOf(target).map(({ layer, epoch, meanUlp }) => {
    const dark = darkness(meanUlp, least, largest);
    return { layer, epoch, dark, text: compact(meanUlp), onDark: dark > 0.8 };
  });
  const bare = { domain: false, ticks: false };
  const numbers = {
    mark: { type: 'text', baseline: 'middle', fontSize: 11.5 },
    encoding: {
      text: { field: 'text' },
      color: { condition: { test: 'datum.onDark', value: 'var(--on-color, #fff)' }, value: ink },
    },
  };
  return {
    label: 'Mean ulp distance between runs, by layer and epoch',
    width: form === 'wide' ? 900 : 400,
    height: 52 + layers.length * (many ? 15 : 32),
    spec: {
      data: { values },
      encoding: {
        x: { field: 'epoch', type: 'ordinal', title: 'epoch', axis: { ...bare, labelAngle: 0, labelOverlap: true } },
        y: { field: 'layer', type: 'ordinal', title: null, sort: layers, axis: { ...bare, labelLimit: 150 } },
      },
      layer: [
        {
          mark: { type: 'rect', color: colorOf(target.mode), stroke: 'var(--page, #fff)', strokeWidth: many ? 0.5 : 2 },
          encoding: { fillOpacity: { field: 'dark', type: 'quantitative', scale: null, legend: null } },
        },
        ...(form === 'wide' && epochs <= 14 && !many ? [numbers] : []),
      ],
    },
  };
}

/** A measure that is drawn as one line a layer. */
interface Curve {
  title: string;
  pick: (layer: LayerDistance) => number | null;
  log: boolean;
  format: string;
}

const curves: readonly Curve[] = [
  { title: 'Mean ulp distance', pick: (layer) => layer.meanUlp, log: true, format: '~s' },
  { title: 'Share of bits that differ', pick: (layer) => layer.differingBits, log: false, format: '.0%' },
  {
    title: '1 \u2212 cosine similarity',
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
function decades(values: readonly (number | null)[], format: string): object {
  const logs = values.flatMap((value) => (value === null ? [] : [Math.log10(value)]));
  if (logs.length === 0) return shares(format);
  const low = Math.floor(Math.min(...logs));
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs)));
  const step = Math.ceil((high - low) / 6);
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, index) => 10 ** (low + index * step));
  return {
    scale: { type: 'log', domain: [10 ** low, 10 ** high], nice: false },
    axis: { format, values: ticks, tickCount: 20 },
  };
}

function curveChart(target: TargetResult, curve: Curve): Chart {
  const { perEpoch, layers } = target.divergence;
  const values = cellsOf(target)
    .map((cell) => ({ layer: cell.layer, epoch: cell.epoch, value: curve.pick(cell) }))
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
    title: null,
    ...(curve.log
      ? decades(
          values.map(({ value }) => value),
          curve.format,
        )
      : shares(curve.format)),
  };
  const line = { type: 'line', color: colorOf(target.mode), strokeWidth: 1.25, strokeOpacity: 0.8 };
  return {
    label: `${curve.title} between runs, by layer, over the epochs`,
    height: 250,
    spec: {
      title: curve.title,
      data: { values },
      encoding: { x: epochAxis(perEpoch.length), y, detail: { field: 'layer' } },
      layer: [{ mark: { ...line, point: perEpoch.length <= 2 } }, name(highest, -9), name(lowest, 13)],
    },
  };
}

/** One line a layer over the epochs, for each measure; the highest and the lowest at the end are named. */
export function divergenceCurves(target: TargetResult): Chart[] {
  return curves.map((curve) => curveChart(target, curve));
}

/** Sign, exponent and fraction are told apart by darkness. */
const darknessOfBit = (bit: number) => (bit === 31 ? 0.4 : bit >= 23 ? 0.65 : 0.95);

/** Share of final weights that differ in each bit of a float32, from the sign on the left to the lowest bit. */
export function bitChart(target: TargetResult): Chart {
  const values = target.divergence.bitPositions.map((share, bit) => ({ bit, share, dark: darknessOfBit(bit) }));
  return {
    label: 'Share of final weights that differ, by bit of the float32',
    height: 250,
    spec: {
      title: 'Which bits differ at the end',
      data: { values },
      mark: { type: 'bar', color: colorOf(target.mode) },
      encoding: {
        x: {
          field: 'bit',
          type: 'ordinal',
          sort: 'descending',
          title: 'bit: 31 sign, 30\u201323 exponent, 22\u20130 fraction',
          scale: { paddingInner: 0.15 },
          axis: { values: [31, 23, 15, 7, 0], labelAngle: 0, ticks: false },
        },
        y: {
          field: 'share',
          type: 'quantitative',
          title: null,
          scale: { domain: [0, 0.55] },
          axis: { format: '.0%', values: [0, 0.25, 0.5] },
        },
        fillOpacity: { field: 'dark', type: 'quantitative', scale: null },
      },
    },
  };
}

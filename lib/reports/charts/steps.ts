/** How the distance between runs grows from step to step: each pair, all of them, and each layer. */
import { leastPoints, leastRSquared } from '../../divergence/index.js';
import type { StepsDivergence, TargetResult } from '../../experiments/index.js';
import { percent, plural, scientific } from '../format.js';
import { byLayer } from './colours.js';
import { decades } from './divergence.js';
import { type Chart, colorOf, muted } from './render.js';

/** The growth rate with its range and interval, or why there is none. */
function rateSentence({
  rate,
  factor,
  interval,
  rSquared,
  without,
  from,
  to,
  used,
}: StepsDivergence['growth']): string {
  if (without === 'no line') {
    return `There is no growth rate: an exponential through ${used} distances, steps ${from} to ${to}, explains ${percent(rSquared!)} of the variance of their logarithms (${percent(leastRSquared, 0)} are asked for).`;
  }
  if (rate === null || factor === null || interval === null) {
    return `There are fewer than ${leastPoints} steps with a distance, so there is no growth rate.`;
  }
  const range = `growth rate ${scientific(rate)} per step in natural logarithms, 95 % interval ${scientific(interval[0])} to ${scientific(interval[1])}`;
  return `From step ${from} to ${to} the mean l2 distance changes by a factor of ${factor.toPrecision(5)} a step (${range}; ${percent(rSquared!)} of the variance explained).`;
}

/** Where the runs part and how fast, in words. */
export function stepsSentence({ perStep, firstApart, lastSame, growth, steepest }: StepsDivergence): string {
  if (firstApart === null) {
    return `At all ${plural(perStep.length, 'step')} compared, the last of them step ${perStep.at(-1)!.step}, the distance is 0.`;
  }
  const same = lastSame === null ? '' : ` (after step ${lastSame} they were still the same)`;
  const since = `The runs are apart after step ${firstApart}${same}.`;
  const fastest =
    steepest === null
      ? ''
      : ` It grows fastest from step ${steepest.from} to ${steepest.to}: by a factor of ${scientific(Math.exp(steepest.rate))} a step.`;
  return `${since} ${rateSentence(growth)}${fastest}`;
}

/** Steps on a logarithmic scale, as they are kept; the ticks are some of them. */
function stepAxis({ perStep }: StepsDivergence): object {
  const last = perStep.at(-1)!.step;
  const ticks = [1, 2, 5].flatMap((digit) => Array.from({ length: 7 }, (_, power) => digit * 10 ** power));
  const values = [...new Set([...ticks.filter((step) => step < last / 1.3), last])].sort((a, b) => a - b);
  return {
    field: 'step',
    type: 'quantitative',
    title: 'training step',
    scale: { type: 'log', domain: [1, Math.max(2, last)], nice: false, padding: 8 },
    axis: { values, tickCount: 20, format: '~s', labelOverlap: 'greedy' },
  };
}

interface Point {
  step: number;
  l2: number;
}

const known = (step: number, l2: number | null): Point[] => (l2 === null || l2 === 0 ? [] : [{ step, l2 }]);

/** The exponential through the logarithms by least squares, at each step at which it lies among the distances. */
function fitted(points: readonly Point[], rate: number | null): Point[] {
  if (rate === null) return [];
  const mean = (pick: (point: Point) => number) => points.reduce((sum, one) => sum + pick(one), 0) / points.length;
  const [x, y] = [mean(({ step }) => step), mean(({ l2 }) => Math.log(l2))];
  const line = points.map(({ step }) => ({ step, l2: Math.exp(y + rate * (step - x)) }));
  const least = points.reduce((low, { l2 }) => Math.min(low, l2), Number.POSITIVE_INFINITY);
  const most = points.reduce((high, { l2 }) => Math.max(high, l2), Number.NEGATIVE_INFINITY);
  return line.filter(({ l2 }) => l2 >= least && l2 <= most);
}

/** A line where the runs are first seen apart. */
const partMark = ({ firstApart }: StepsDivergence) => ({
  data: { values: firstApart === null ? [] : [{ step: firstApart, text: `apart after step ${firstApart}` }] },
  layer: [
    { mark: { type: 'rule', color: muted, strokeWidth: 1 } },
    { mark: { type: 'text', align: 'left', dx: 4, y: 8, color: muted }, encoding: { text: { field: 'text' } } },
  ],
});

/** The l2 distance of all weights after each kept step: each pair of runs thin, all pairs with points. */
export function stepsChart(target: TargetResult, steps: StepsDivergence): Chart {
  const color = colorOf(target.mode);
  const points = steps.perStep.flatMap(({ step, all }) => known(step, all.l2));
  const pairs = steps.perStep.flatMap(({ step, pairs: found }) =>
    found.flatMap(({ runs, l2 }) => known(step, l2).map((point) => ({ ...point, pair: runs.join(' and ') }))),
  );
  const y = {
    field: 'l2',
    type: 'quantitative',
    title: 'l2 distance',
    ...decades(
      [...points, ...pairs].map(({ l2 }) => l2),
      '~g',
    ),
  };
  const thin = { type: 'line', color, strokeWidth: 1, strokeOpacity: 0.45 };
  return {
    label: `Distance of all weights between runs over the training steps. ${stepsSentence(steps)}`,
    caption:
      'Euclidean (l2) distance of all weights after single steps, both scales logarithmic: thin each pair of runs, with points their mean; dashed, the exponential of the growth rate, where there is one.',
    height: 250,
    spec: {
      title: 'Growth of the distance, step by step',
      encoding: { x: stepAxis(steps) },
      layer: [
        partMark(steps),
        { data: { values: pairs }, mark: thin, encoding: { y, detail: { field: 'pair' } } },
        {
          data: { values: fitted(points, steps.growth.rate) },
          mark: { type: 'line', color: muted, strokeDash: [5, 4], strokeWidth: 1.5 },
          encoding: { y },
        },
        {
          data: { values: points },
          mark: { type: 'line', color, strokeWidth: 2, point: { color, size: 45, filled: true } },
          encoding: { y },
        },
      ],
    },
  };
}

/** The l2 distance of each layer after each kept step; the highest and the lowest at the end are named. */
export function layerStepsChart(steps: StepsDivergence): Chart {
  const names = steps.perStep[0]!.layers.map(({ layer }) => layer);
  const values = steps.perStep.flatMap(({ step, layers }) =>
    layers.flatMap(({ layer, l2 }) =>
      known(step, l2).map((point) => ({ ...point, layer, place: names.indexOf(layer) + 1 })),
    ),
  );
  const last = steps.perStep.at(-1)!;
  const sorted = [...last.layers].sort((a, b) => (a.l2 ?? 0) - (b.l2 ?? 0)).map(({ layer }) => layer);
  const y = {
    field: 'l2',
    type: 'quantitative',
    title: 'l2 distance',
    ...decades(
      values.map(({ l2 }) => l2),
      '~g',
    ),
  };
  const name = (layer: string | undefined, dy: number) => ({
    transform: [{ filter: { field: 'step', equal: last.step } }, { filter: { field: 'layer', equal: layer } }],
    mark: { type: 'text', align: 'right', dy, color: muted },
    encoding: { text: { field: 'layer' } },
  });
  const point = steps.perStep.length <= 2 ? { filled: true } : 'transparent';
  const line = { mark: { type: 'line', strokeWidth: 1.5, point }, encoding: { color: byLayer(names) } };
  return {
    label: 'Distance of each layer between runs over the training steps',
    caption:
      'Euclidean (l2) distance after single steps, the mean over all pairs of runs, a line for each layer, both scales logarithmic; the highest and the lowest at the end are named.',
    height: 330,
    spec: {
      title: 'Growth in each layer, step by step',
      data: { values },
      encoding: { x: stepAxis(steps), y, detail: { field: 'layer' } },
      layer: [line, name(sorted.at(-1), -9), ...(sorted.length > 1 ? [name(sorted[0], 13)] : [])],
    },
  };
}

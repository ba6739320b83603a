/** How the distance of all weights grows over the epochs, with the line whose slope is the growth rate. */
import { leastPoints, leastRSquared } from '../../divergence/index.js';
import type { TargetResult } from '../../experiments/index.js';
import { percent } from '../format.js';
import { pairNumbers } from '../tables/divergence.js';
import { epochAxis } from './curves.js';
import { decades } from './divergence.js';
import { type Chart, colorOf, muted } from './render.js';

/** A number with a sign as it is printed. */
const signed = (value: number, digits: number) => value.toFixed(digits).replace('-', '\u2212');

/** The growth of the l2 distance in words. */
export function growthSentence({ growth }: TargetResult['divergence']): string {
  const { rate, factor, interval, rSquared, without, from, to, used } = growth;
  if (without === 'no line') {
    return `There is no growth rate: a line through the logarithms of ${used} distances, epochs ${from} to ${to}, explains ${percent(rSquared!)} of their variance (${percent(leastRSquared, 0)} are asked for).`;
  }
  if (rate === null || factor === null || interval === null) {
    return `There are fewer than ${leastPoints} epochs with a distance, so there is no growth rate.`;
  }
  const range = `95 % interval ${signed(interval[0], 3)} to ${signed(interval[1], 3)}`;
  const line = `the line explains ${percent(rSquared!)} of the variance`;
  return `From epoch ${from} to ${to} the mean l2 distance of all weights changes by a factor of ${factor.toFixed(2)} an epoch: growth rate ${signed(rate, 3)} per epoch in natural logarithms (${range}; ${line}).`;
}

/** The line of least squares through the logarithms, at the first and the last epoch with a distance. */
function fitted(points: readonly { epoch: number; l2: number }[], rate: number): object[] {
  const mean = (pick: (point: { epoch: number; l2: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean(({ epoch }) => epoch), mean(({ l2 }) => Math.log(l2))];
  return [points[0]!, points.at(-1)!].map(({ epoch }) => ({ epoch, l2: Math.exp(y + rate * (epoch - x)) }));
}

/** The l2 distance of all weights between two runs after each epoch. */
export function growthChart(target: TargetResult): Chart {
  const { perEpoch, growth } = target.divergence;
  const points = perEpoch.flatMap(({ epoch, all: { l2 } }) => (l2 === null || l2 === 0 ? [] : [{ epoch, l2 }]));
  const line = growth.rate === null ? [] : fitted(points, growth.rate);
  const numbers = pairNumbers(target.runs.length);
  const pairs = perEpoch.flatMap(({ epoch, l2Pairs }) =>
    l2Pairs.flatMap((l2, i) => (l2 === null || l2 === 0 ? [] : [{ epoch, l2, pair: numbers[i]!.join(' and ') }])),
  );
  const values = [...points, ...pairs].map(({ l2 }) => l2);
  const y = { field: 'l2', type: 'quantitative', title: 'l2 distance', ...decades(values, '~g') };
  const x = epochAxis(perEpoch.length);
  const color = colorOf(target.mode);
  return {
    label: `Distance of all weights between runs over the epochs. ${growthSentence(target.divergence)}`,
    caption:
      'Euclidean (l2) distance of all weights between two runs, on a logarithmic scale: thin each pair, with points their mean; dashed, the line whose slope is the growth rate, where there is one.',
    height: 250,
    spec: {
      title: 'Growth of the distance',
      encoding: { x, y },
      layer: [
        { data: { values: line }, mark: { type: 'line', color: muted, strokeDash: [5, 4], strokeWidth: 1.5 } },
        {
          data: { values: pairs },
          mark: { type: 'line', color, strokeWidth: 1, strokeOpacity: 0.45 },
          encoding: { detail: { field: 'pair' } },
        },
        {
          data: { values: points },
          mark: { type: 'line', color, strokeWidth: 2, point: { color, size: 45, filled: true } },
        },
      ],
    },
  };
}

/** How the distance of all weights grows over the epochs, with the line whose slope is the growth rate. */
import type { TargetResult } from '../../experiments/index.js';
import { epochAxis } from './curves.js';
import { decades } from './divergence.js';
import { type Chart, colorOf, muted } from './render.js';

/** The growth of the l2 distance in words. */
export function growthSentence({ growth }: TargetResult['divergence']): string {
  if (growth.rate === null || growth.factor === null) {
    return 'There are fewer than two epochs with a distance, so there is no growth rate.';
  }
  const fit =
    growth.rSquared === null ? '' : ` (the line explains ${(growth.rSquared * 100).toFixed(0)} % of the variance)`;
  return `The l2 distance of all weights changes by a factor of ${growth.factor.toFixed(2)} an epoch: growth rate ${growth.rate.toFixed(3).replace('-', '\u2212')} nats an epoch${fit}.`;
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
  const values = points.map(({ l2 }) => l2);
  const y = { field: 'l2', type: 'quantitative', title: null, ...decades(values, '~g') };
  const x = epochAxis(perEpoch.length);
  const color = colorOf(target.mode);
  return {
    label: `Distance of all weights between runs over the epochs. ${growthSentence(target.divergence)}`,
    caption:
      'Euclidean (l2) distance of all weights over all pairs of runs, on a logarithmic scale; dashed, the line whose slope is the growth rate.',
    height: 250,
    spec: {
      title: 'Growth of the distance',
      encoding: { x, y },
      layer: [
        { data: { values: line }, mark: { type: 'line', color: muted, strokeDash: [5, 4], strokeWidth: 1.5 } },
        {
          data: { values: points },
          mark: { type: 'line', color, strokeWidth: 2, point: { color, size: 45, filled: true } },
        },
      ],
    },
  };
}

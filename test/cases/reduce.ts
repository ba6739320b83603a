/** Cases of sum and mean: whole tensors, the last axis, all but the channels, and axes that do not lie together. */
import { mean, sum } from '../../lib/index.js';
import type { OperationTable, Values } from './case.js';

interface Settings {
  kind: 'sum' | 'mean';
  axes: readonly number[];
}

function judge([x]: readonly Values[], { kind, axes }: Settings): Values {
  const { shape, data } = x!;
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const result = new Float64Array(kept.reduce((size, axis) => size * shape[axis]!, 1));
  data.forEach((value, flat) => {
    let rest = flat;
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    const place = kept.reduce((at, axis) => at * shape[axis]! + index[axis]!, 0);
    result[place] = result[place]! + value;
  });
  const count = data.length / result.length;
  return {
    shape: kept.map((axis) => shape[axis]!),
    data: kind === 'mean' ? result.map((value) => value / count) : result,
  };
}

const layouts: [readonly number[], readonly number[]][] = [
  [[1], [0]],
  [[17], [0]],
  [[4099], [0]],
  [[3, 8209], [1]],
  [
    [5, 7, 11, 19],
    [0, 1, 2],
  ],
  [
    [2, 67, 67, 33],
    [1, 2],
  ],
  [
    [4, 3, 5, 7],
    [0, 2],
  ],
  [
    [4, 3, 5, 7],
    [1, 3],
  ],
];

export const table: OperationTable<Settings> = {
  op: 'reduce',
  run: ([x], { kind, axes }) => (kind === 'sum' ? sum : mean)(x!, { axes }),
  judge,
  differentiable: [true],
  tolerance: 2e-6,
  cases: layouts.flatMap(([shape, axes]) =>
    (['sum', 'mean'] as const).map((kind) => ({
      name: `${kind} of [${shape}] over [${axes}]`,
      inputs: [{ name: 'x', shape }],
      settings: { kind, axes },
    })),
  ),
};

/** Cases of binary_crossentropy: one value, one sample, prime sizes, more values than one chunk. */
import { binaryCrossentropy } from '../../lib/index.js';
import type { OperationTable, Values } from './case.js';

interface Settings {
  fromLogits: boolean;
}

function judge([p, t]: readonly Values[], { fromLogits }: Settings): Values {
  let sum = 0;
  p!.data.forEach((value, i) => {
    const target = t!.data[i]!;
    if (fromLogits) {
      sum += Math.max(value, 0) - value * target + Math.log1p(Math.exp(-Math.abs(value)));
    } else {
      const clipped = Math.min(Math.max(value, 1e-7), 1 - 1e-7);
      sum -= target * Math.log(clipped) + (1 - target) * Math.log(1 - clipped);
    }
  });
  return { shape: [], data: Float64Array.of(sum / p!.data.length) };
}

const shapes = [
  [1, 1],
  [7, 1],
  [32, 1],
  [3, 5, 7],
  [2, 4099],
];

export const table: OperationTable<Settings> = {
  op: 'binary_crossentropy',
  run: ([p, t], settings) => binaryCrossentropy(p!, t!, settings),
  judge,
  differentiable: [true, false],
  tolerance: 2e-6,
  cases: [false, true].flatMap((fromLogits) =>
    shapes.map((shape) => ({
      name: `[${shape}]${fromLogits ? ' from logits' : ''}`,
      inputs: [
        { name: 'p', shape, draw: fromLogits ? ('normal' as const) : ('probabilities' as const) },
        { name: 't', shape, draw: 'labels' as const },
      ],
      settings: { fromLogits },
    })),
  ),
};

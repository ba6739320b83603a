/** Cases of categorical_crossentropy: one sample, odd numbers of classes, positions, more classes than one chunk. */
import { categoricalCrossentropy } from '../../lib/index.js';
import * as contract from '../contract/crossentropy.js';
import * as reference from '../reference/crossentropy.js';
import type { OperationTable } from './case.js';

const shapes = [
  [1, 2],
  [7, 3],
  [32, 10],
  [3, 5, 7, 4],
  [2, 1031, 2],
  [2, 4099],
];

export const table: OperationTable<Record<never, never>> = {
  op: 'categorical_crossentropy',
  run: ([p, t]) => categoricalCrossentropy(p!, t!),
  judge: ([p, t]) => reference.categoricalCrossentropy(t!, p!),
  judgeGradients: ([p, t], dy) => [reference.categoricalCrossentropyGradient(t!, p!, dy), null],
  contract: {
    forward: ([p, t]) => {
      const loss = contract.categoricalCrossentropy(p!.shape[0]!, p!.shape.at(-1)!, t!.data, p!.data);
      return { shape: [], data: Float32Array.of(loss) };
    },
    gradients: ([p, t], _y, dy) => [
      {
        shape: p!.shape,
        data: contract.categoricalCrossentropyGradient(p!.shape.at(-1)!, t!.data, p!.data, dy.data[0]!),
      },
      null,
    ],
  },
  differentiable: [true, false],
  tolerance: 2e-6,
  cases: (['probabilities', 'saturated'] as const).flatMap((draw) =>
    // Of two saturated probabilities both may be 0, which have no sum to be divided by.
    shapes
      .filter((shape) => draw !== 'saturated' || shape.at(-1)! > 2)
      .map((shape) => ({
        name: `[${shape}] ${draw}`,
        inputs: [
          { name: 'p', shape, draw },
          { name: 't', shape, draw: 'labels' as const },
        ],
        settings: {},
      })),
  ),
};

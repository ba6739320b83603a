/** Cases of binary_crossentropy: one value, one sample, prime sizes, more values than one chunk. */
import { binaryCrossentropy } from '../../lib/index.js';
import * as contract from '../contract/crossentropy.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawRows, onShape } from '../drawn/shapes.js';
import { binaryProbes } from '../order/probes/losses.js';
import * as reference from '../reference/crossentropy.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:2289430d71afd91e825500b62edf4185bb70d47140d38fbc5ed47d040bbb8e79';

interface Settings {
  fromLogits: boolean;
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
  judge: ([p, t], { fromLogits }) =>
    fromLogits ? reference.binaryCrossentropyFromLogits(t!, p!) : reference.binaryCrossentropy(t!, p!),
  judgeGradients: ([p, t], dy, { fromLogits }) => [
    fromLogits
      ? reference.binaryCrossentropyFromLogitsGradient(t!, p!, dy)
      : reference.binaryCrossentropyGradient(t!, p!, dy),
    null,
  ],
  contract: {
    forward: ([p, t], { fromLogits }) => {
      const loss = fromLogits ? contract.binaryCrossentropyFromLogits : contract.binaryCrossentropy;
      return { shape: [], data: Float32Array.of(loss(p!.shape[0]!, t!.data, p!.data)) };
    },
    gradients: ([p, t], _y, dy, { fromLogits }) => {
      const gradient = fromLogits ? contract.binaryCrossentropyFromLogitsGradient : contract.binaryCrossentropyGradient;
      return [{ shape: p!.shape, data: gradient(t!.data, p!.data, dy.data[0]!) }, null];
    },
  },
  differentiable: [true, false],
  tolerance: 2e-6,
  cases: (
    [
      ['probabilities', false],
      ['saturated', false],
      ['normal', true],
    ] as const
  ).flatMap(([draw, fromLogits]) =>
    shapes.map((shape) => ({
      name: `[${shape}] ${fromLogits ? 'logits' : draw}`,
      inputs: [
        { name: 'p', shape, draw },
        { name: 't', shape, draw: 'labels' as const },
      ],
      settings: { fromLogits },
    })),
  ),
};

export const probes = binaryProbes;

export const draw = (by: Drawer, own: OperationTable<unknown>) => onShape(by, own, drawRows(by, 1, 40));

/**
 * Cases of categorical_crossentropy, of probabilities and of logits: one sample, odd numbers of classes, positions, more
 * classes than one chunk.
 */
import { categoricalCrossentropy } from '../../lib/index.js';
import * as contract from '../contract/crossentropy.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawRows, onShape } from '../drawn/shapes.js';
import { categoricalProbes } from '../order/probes/losses.js';
import * as reference from '../reference/crossentropy.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:cfb2aa97085b628c687fb5d67f8285daa157eb2f9becad79046acaae1a4770ad';

const shapes = [
  [1, 2],
  [7, 3],
  [32, 10],
  [3, 5, 7, 4],
  [2, 1031, 2],
  [2, 4099],
];

interface Settings {
  fromLogits: boolean;
}

export const table: OperationTable<Settings> = {
  op: 'categorical_crossentropy',
  run: ([p, t], settings) => categoricalCrossentropy(p!, t!, settings),
  judge: ([p, t], { fromLogits }) =>
    fromLogits ? reference.categoricalCrossentropyFromLogits(t!, p!) : reference.categoricalCrossentropy(t!, p!),
  judgeGradients: ([p, t], dy, { fromLogits }) => [
    fromLogits
      ? reference.categoricalCrossentropyFromLogitsGradient(t!, p!, dy)
      : reference.categoricalCrossentropyGradient(t!, p!, dy),
    null,
  ],
  contract: {
    forward: ([p, t], { fromLogits }) => {
      const loss = fromLogits ? contract.categoricalCrossentropyFromLogits : contract.categoricalCrossentropy;
      return { shape: [], data: Float32Array.of(loss(p!.shape[0]!, p!.shape.at(-1)!, t!.data, p!.data)) };
    },
    gradients: ([p, t], _y, dy, { fromLogits }) => {
      const gradient = fromLogits
        ? contract.categoricalCrossentropyFromLogitsGradient
        : contract.categoricalCrossentropyGradient;
      return [{ shape: p!.shape, data: gradient(p!.shape.at(-1)!, t!.data, p!.data, dy.data[0]!) }, null];
    },
  },
  differentiable: [true, false],
  tolerance: 2e-6,
  cases: (['probabilities', 'saturated', 'normal'] as const).flatMap((draw) =>
    // Of two saturated probabilities both may be 0, which have no sum to be divided by.
    shapes
      .filter((shape) => draw !== 'saturated' || shape.at(-1)! > 2)
      .map((shape) => ({
        name: `[${shape}] ${draw === 'normal' ? 'logits' : draw}`,
        inputs: [
          { name: 'p', shape, draw },
          { name: 't', shape, draw: 'labels' as const },
        ],
        settings: { fromLogits: draw === 'normal' },
      })),
  ),
};

export const probes = categoricalProbes;

/** Of two saturated probabilities both may be 0, which have no sum to be divided by. */
export const draw = (by: Drawer, own: OperationTable<unknown>) => onShape(by, own, drawRows(by, 6, 130));

/** Cases of softmax: two classes, odd numbers of classes, more classes than one chunk of a sum. */
import { softmax } from '../../lib/index.js';
import * as contract from '../contract/softmax.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawRows, onShape } from '../drawn/shapes.js';
import { softmaxProbes } from '../order/probes/memory.js';
import * as reference from '../reference/softmax.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:9c59523ce7ab8016e07e50885fb6ca2726bba2c418ea320c9f2c338f4b704b09';

const shapes = [
  [3, 2],
  [5, 10],
  [2, 3, 17],
  [1025, 16],
  [2, 4099],
];

export const table: OperationTable<Record<never, never>> = {
  op: 'softmax',
  run: ([x]) => softmax(x!),
  judge: ([x]) => reference.softmax(x!),
  judgeGradients: ([x], dy) => [reference.softmaxGradient(x!, dy)],
  contract: {
    forward: ([x]) => ({ shape: x!.shape, data: contract.softmax(x!.data, x!.shape.at(-1)!) }),
    gradients: ([x], y, dy) => [{ shape: x!.shape, data: contract.softmaxGradient(y.data, dy.data, x!.shape.at(-1)!) }],
  },
  batched: [true],
  differentiable: [true],
  tolerance: 1e-6,
  cases: shapes.map((shape) => ({ name: `[${shape}]`, inputs: [{ name: 'x', shape }], settings: {} })),
};

export const probes = softmaxProbes;

export const draw = (by: Drawer, own: OperationTable<unknown>) => onShape(by, own, drawRows(by, 1, 130));

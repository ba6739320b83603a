/** Cases of softmax and its logarithm: two classes, odd numbers of classes, more classes than one chunk of a sum. */
import { logSoftmax, softmax, type Tensor } from '../../lib/index.js';
import * as contract from '../contract/softmax.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawRows, onShape } from '../drawn/shapes.js';
import { softmaxProbes } from '../order/probes/memory.js';
import * as reference from '../reference/softmax.js';
import type { OperationTable, Values } from './case.js';

export const golden = 'sha256:d7548b785fc5e97aeb85ff543cb4d2f717d67880ae7a0e3b6ced0246582dfa94';

const shapes = [
  [3, 2],
  [5, 10],
  [2, 3, 17],
  [1025, 16],
  [2, 4099],
];

interface Form {
  name: string;
  run(x: Tensor): Tensor;
  judge: { value(x: Values): Values; gradient(x: Values, dy: Values): Values };
  contract: {
    value(x: Float32Array, size: number): Float32Array;
    gradient(y: Float32Array, dy: Float32Array, size: number): Float32Array;
  };
}

const tableOf = ({ name, run, judge, contract }: Form): OperationTable<Record<never, never>> => ({
  op: 'softmax',
  run: ([x]) => run(x!),
  judge: ([x]) => judge.value(x!),
  judgeGradients: ([x], dy) => [judge.gradient(x!, dy)],
  contract: {
    forward: ([x]) => ({ shape: x!.shape, data: contract.value(x!.data, x!.shape.at(-1)!) }),
    gradients: ([x], y, dy) => [{ shape: x!.shape, data: contract.gradient(y.data, dy.data, x!.shape.at(-1)!) }],
  },
  batched: [true],
  differentiable: [true],
  tolerance: 1e-6,
  cases: shapes.map((shape) => ({ name: `${name}[${shape}]`, inputs: [{ name: 'x', shape }], settings: {} })),
});

export const tables = [
  tableOf({
    name: '',
    run: softmax,
    judge: { value: reference.softmax, gradient: reference.softmaxGradient },
    contract: { value: contract.softmax, gradient: contract.softmaxGradient },
  }),
  tableOf({
    name: 'log ',
    run: logSoftmax,
    judge: { value: reference.logSoftmax, gradient: reference.logSoftmaxGradient },
    contract: { value: contract.logSoftmax, gradient: contract.logSoftmaxGradient },
  }),
];

export const probes = softmaxProbes;

export const draw = (by: Drawer, own: OperationTable<unknown>) => onShape(by, own, drawRows(by, 1, 130));

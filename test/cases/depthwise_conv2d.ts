/**
 * Cases of depthwise_conv2d: channels around the vector width, multipliers, strides, dilations, every padding. The judge
 * and the second implementation of the contract are those of conv2d in as many groups as channels.
 */
import { depthwiseConv2d } from '../../lib/index.js';
import * as contract from '../contract/conv2d.js';
import { depthwiseProbes } from '../order/probes/convolutions.js';
import * as reference from '../reference/conv2d.js';
import type { Conv2dGeometry } from '../support/geometry.js';
import { type Window, windowGeometry } from '../support/windows.js';
import { miniXceptionInputs, type OperationCase, type OperationTable } from './case.js';

export const golden = 'sha256:932f60299115d7cac0bac5636a3c2900d609a3b8c83f1f0ce2bb870dba647323';

type Settings = Omit<Window, 'kernel'>;
type Inputs = readonly { shape: readonly number[] }[];

function geometry([x, weight]: Inputs, settings: Settings): Conv2dGeometry {
  const [n, h, w, ci] = x!.shape as [number, number, number, number];
  const [kh, kw, , multiplier] = weight!.shape as [number, number, number, number];
  return { ...windowGeometry(n, h, w, { ...settings, kernel: [kh, kw] }), ci, co: ci * multiplier, groups: ci };
}

function one(x: number[], kernel: number[], multiplier: number, settings: Settings): OperationCase<Settings> {
  const weight = [...kernel, x[3]!, multiplier];
  const inputs = [
    { name: 'x', shape: x },
    { name: 'weight', shape: weight },
  ];
  return { name: `[${x}] by [${weight}] ${JSON.stringify(settings)}`, inputs, settings };
}

const same = { padding: 'same' } as const;

export const table: OperationTable<Settings> = {
  op: 'depthwise_conv2d',
  run: ([x, weight], settings) => depthwiseConv2d(x!, weight!, settings),
  judge: (inputs, settings) => reference.conv2d(geometry(inputs, settings), inputs[0]!, inputs[1]!),
  judgeGradients: (inputs, dy, settings) =>
    reference.conv2dGradients(geometry(inputs, settings), inputs[0]!, inputs[1]!, dy).slice(0, 2),
  sumsOfProducts: true,
  contract: {
    forward: (inputs, settings) => {
      const g = geometry(inputs, settings);
      const data = contract.conv2d(g, inputs[0]!.data, inputs[1]!.data, undefined);
      return { shape: [g.n, g.oh, g.ow, g.co], data };
    },
    gradients: ([x, weight], _y, dy, settings) => {
      const g = geometry([x!, weight!], settings);
      return [
        { shape: x!.shape, data: contract.conv2dInputGradient(g, dy.data, weight!.data) },
        { shape: weight!.shape, data: contract.conv2dWeightGradient(g, x!.data, dy.data) },
      ];
    },
  },
  batched: [true, false],
  differentiable: [true, true],
  tolerance: 3e-6,
  flops: (inputs, settings) => {
    const g = geometry(inputs, settings);
    return 2 * g.n * g.oh * g.ow * g.co * g.kh * g.kw;
  },
  cases: [
    one([1, 1, 1, 1], [1, 1], 1, {}),
    one([2, 9, 11, 17], [3, 3], 1, same),
    one([2, 7, 8, 33], [3, 3], 1, {}),
    one([1, 19, 21, 16], [3, 3], 1, same),
    one([2, 10, 9, 19], [3, 3], 1, { strides: 2, padding: 'same' }),
    one([1, 12, 11, 5], [3, 3], 1, { dilations: [2, 3], padding: 'same' }),
    one([1, 13, 9, 16], [3, 3], 1, { strides: [2, 1], dilations: [1, 2], padding: [3, 0, 1, 4] }),
    one([2, 6, 5, 3], [2, 4], 3, same),
    one([1, 5, 6, 7], [3, 3], 5, { strides: [1, 2], padding: [0, 1, 2, 0] }),
    one([3, 2, 2, 18], [5, 5], 1, same),
    // Windows of three wider than the picture, windows that lie in the padding alone, and steps as long as the window.
    one([2, 1, 2, 17], [3, 3], 1, same),
    one([1, 5, 7, 34], [3, 3], 1, { padding: [4, 3, 3, 5] }),
    one([2, 11, 10, 37], [3, 3], 1, { strides: 3, padding: 'same' }),
    // A stride of 1 on one axis alone with many channels; a common divisor of stride and dilation.
    one([1, 9, 11, 67], [3, 3], 1, { strides: [1, 2], padding: 'same' }),
    one([1, 9, 11, 80], [3, 3], 1, { strides: [3, 1], padding: 'same' }),
    one([2, 9, 11, 17], [3, 3], 1, { strides: [2, 4], dilations: [4, 2], padding: [3, 4, 2, 3] }),
    // Vectors of channels: windows three high that are not three wide, and dilations.
    one([2, 7, 6, 17], [3, 2], 1, same),
    one([1, 8, 9, 18], [3, 3], 1, { dilations: [2, 3], padding: 'same' }),
    // More than four chunks a sample and enough samples that one task of a weight gradient takes several chunks.
    one([9, 37, 31, 35], [3, 3], 1, same),
    ...miniXceptionInputs.map((shape) => ({ ...one(shape, [3, 3], 1, same), bench: true })),
  ],
};

export const probes = depthwiseProbes;

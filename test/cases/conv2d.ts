/**
 * Cases of conv2d: tails of every tile, prime channel counts, strides, dilations, groups, every padding, kernels that
 * reach over the whole input, and more than one chunk of positions in a sample.
 */
import { conv2d, type FusedActivation } from '../../lib/index.js';
import * as contract from '../contract/conv2d.js';
import { conv2dProbes } from '../order/probes/convolutions.js';
import * as reference from '../reference/conv2d.js';
import { fusedOf } from '../support/fused.js';
import type { Conv2dGeometry } from '../support/geometry.js';
import { type Window, windowGeometry } from '../support/windows.js';
import { type Floats, miniXceptionBlocks, type OperationCase, type OperationTable, type Values } from './case.js';

export const golden = 'sha256:d3609908658919c9d99b094f1c4de9f9fea0e1c4b2227a2d83ae3a30cd41eaf5';

interface Settings extends Omit<Window, 'kernel'> {
  groups?: number;
  activation?: FusedActivation;
}

type Inputs = readonly { shape: readonly number[] }[];

function geometry([x, weight]: Inputs, settings: Settings): Conv2dGeometry {
  const [n, h, w, ci] = x!.shape as [number, number, number, number];
  const [kh, kw, , co] = weight!.shape as [number, number, number, number];
  return { ...windowGeometry(n, h, w, { ...settings, kernel: [kh, kw] }), ci, co, groups: settings.groups ?? 1 };
}

function judge(inputs: readonly Values[], settings: Settings): Values {
  const [x, weight, bias] = inputs;
  const y = reference.conv2d(geometry(inputs, settings), x!, weight!, bias);
  return { ...y, data: y.data.map(fusedOf(settings.activation).judge.value) };
}

function judgeGradients(inputs: readonly Values[], dy: Values, settings: Settings): Values[] {
  const { activation = 'linear', ...linear } = settings;
  const z = judge(inputs, linear);
  const dz = { ...dy, data: dy.data.map((value, i) => fusedOf(activation).judge.derivative(z.data[i]!) * value) };
  return reference.conv2dGradients(geometry(inputs, settings), inputs[0]!, inputs[1]!, dz).slice(0, inputs.length);
}

function forward(inputs: readonly Floats[], settings: Settings): Floats {
  const g = geometry(inputs, settings);
  const [x, weight, bias] = inputs;
  const data = contract.conv2d(g, x!.data, weight!.data, bias?.data, fusedOf(settings.activation).contract.forward);
  return { shape: [g.n, g.oh, g.ow, g.co], data };
}

function gradients(inputs: readonly Floats[], y: Floats, dy: Floats, settings: Settings): Floats[] {
  const g = geometry(inputs, settings);
  const [x, weight] = inputs;
  const { activation = 'linear', ...linear } = settings;
  const z = activation === 'linear' ? y : forward(inputs, linear);
  const dz = dy.data.map((value, i) => fusedOf(activation).contract.gradient(value, z.data[i]!));
  return [
    { shape: x!.shape, data: contract.conv2dInputGradient(g, dz, weight!.data) },
    { shape: weight!.shape, data: contract.conv2dWeightGradient(g, x!.data, dz) },
    { shape: [g.co], data: contract.conv2dBiasGradient(g, dz) },
  ].slice(0, inputs.length);
}

function one(x: number[], kernel: number[], co: number, settings: Settings, biased = true): OperationCase<Settings> {
  const weight = [...kernel, x[3]! / (settings.groups ?? 1), co];
  const inputs = [
    { name: 'x', shape: x },
    { name: 'weight', shape: weight },
  ];
  if (biased) inputs.push({ name: 'bias', shape: [co] });
  return { name: `[${x}] by [${weight}] ${JSON.stringify(settings)}`, inputs, settings };
}

const biased: OperationTable<Settings> = {
  op: 'conv2d',
  run: ([x, weight, bias = null], settings) => conv2d(x!, weight!, { ...settings, bias: bias ?? null }),
  judge,
  judgeGradients,
  sumsOfProducts: true,
  contract: { forward, gradients },
  batched: [true, false, false],
  differentiable: [true, true, true],
  tolerance: 3e-6,
  flops: (inputs, settings) => {
    const g = geometry(inputs, settings);
    return (2 * g.n * g.oh * g.ow * g.co * g.kh * g.kw * g.ci) / g.groups;
  },
  cases: [
    one([1, 1, 1, 1], [1, 1], 1, {}),
    one([2, 9, 16, 3], [3, 3], 32, { activation: 'relu' }),
    one([1, 5, 31, 2], [3, 3], 33, { padding: 'same', activation: 'relu' }),
    one([2, 8, 9, 5], [3, 2], 7, { strides: 2, padding: 'same' }),
    one([2, 11, 10, 3], [4, 3], 5, { strides: [3, 2], padding: [2, 0, 1, 3] }),
    one([1, 13, 12, 2], [3, 3], 19, { dilations: [2, 3], padding: 'same' }),
    one([1, 14, 11, 3], [3, 2], 4, { strides: [2, 3], dilations: [3, 2], padding: [1, 4, 0, 2] }),
    // A common divisor of stride and dilation, padding as wide as the input and wider, a stride on one axis alone.
    one([2, 9, 11, 3], [3, 2], 5, { strides: [2, 4], dilations: [4, 2], padding: [1, 2, 2, 1] }),
    one([2, 3, 4, 3], [3, 3], 5, { padding: [3, 4, 4, 5] }),
    one([1, 7, 9, 67], [3, 3], 16, { strides: [1, 2], padding: 'same' }),
    one([2, 6, 7, 6], [3, 3], 9, { groups: 3, padding: 'same' }),
    one([2, 5, 6, 7], [3, 3], 7, { groups: 7, strides: 2, padding: [0, 1, 1, 0] }),
    // Groups without padding; a stride over more than one tile of outputs; places and taps that lie behind the input alone.
    one([2, 5, 6, 6], [2, 3], 4, { groups: 2 }),
    one([1, 4, 35, 3], [2, 3], 5, { strides: [1, 2] }),
    one([2, 3, 4, 3], [3, 5], 5, { strides: [1, 3], dilations: [2, 1], padding: [0, 5, 0, 3] }),
    // Wide windows of few channels: a tile of the weight begins inside a tap that is outside at the border, on AVX-512 and AVX2.
    one([2, 5, 9, 3], [2, 7], 5, { padding: [1, 0, 5, 4] }),
    one([2, 5, 9, 2], [2, 7], 5, { padding: [1, 0, 5, 4] }),
    one([5, 6, 5, 11], [6, 5], 3, {}),
    one([3, 2, 3, 2], [5, 5], 2, { padding: 'same' }),
    one([3, 24, 23, 1], [3, 3], 2, { padding: 'same' }),
    one([2, 19, 33, 8], [3, 3], 3, {}),
    // Small pictures and enough samples that a task of a weight gradient takes several, an odd one last.
    one([35, 4, 5, 19], [3, 2], 37, { padding: 'same' }),
    one([33, 4, 3, 17], [2, 3], 35, { activation: 'relu' }),
    // One sample of many chunks of positions, which are dealt out.
    one([1, 41, 40, 4], [3, 3], 5, { padding: 'same' }),
    // Small maps, of which a tile takes several samples: in groups, with a stride, and samples a page apart.
    one([14, 3, 3, 6], [3, 3], 9, { groups: 3, padding: 'same' }),
    one([15, 5, 6, 3], [3, 3], 20, { strides: 2, padding: 'same' }),
    one([8, 4, 2, 128], [2, 2], 16, { padding: 'same', activation: 'relu' }),
    { ...one([32, 180, 180, 3], [3, 3], 32, { activation: 'relu' }), bench: true },
    { ...one([32, 89, 89, 32], [3, 3], 64, { activation: 'relu' }), bench: true },
    { ...one([32, 43, 43, 64], [3, 3], 128, { activation: 'relu' }), bench: true },
    { ...one([32, 20, 20, 128], [3, 3], 256, { activation: 'relu' }), bench: true },
    { ...one([32, 9, 9, 256], [3, 3], 256, { activation: 'relu' }), bench: true },
  ],
};

/** Mini Xception's: the first, the pointwise halves of the separable ones, and the projections beside the blocks. */
const miniXception = [
  one([32, 180, 180, 3], [5, 5], 32, {}, false),
  ...miniXceptionBlocks.flatMap(({ side, from, to }) => [
    ...[...new Set([from, to])].map((channels) => one([32, side, side, channels], [1, 1], to, {}, false)),
    one([32, side, side, from], [1, 1], to, { strides: 2, padding: 'same' }, false),
  ]),
].map((each) => ({ ...each, bench: true }));

const unbiased: OperationTable<Settings> = {
  ...biased,
  batched: [true, false],
  differentiable: [true, true],
  cases: [
    one([3, 7, 7, 17], [1, 1], 13, {}, false),
    one([2, 4, 5, 3], [1, 1], 2, { strides: 3 }, false),
    one([2, 5, 4, 3], [2, 3], 5, { activation: 'relu' }, false),
    ...miniXception,
  ],
};

export const tables = [biased, unbiased];

export const probes = conv2dProbes;

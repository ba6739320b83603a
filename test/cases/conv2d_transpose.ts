/** Cases of conv2d_transpose: strides, dilations, output padding, kernels below the stride, prime channels, one pixel. */
import { type Conv2dTransposeOptions, conv2dTranspose } from '../../lib/index.js';
import * as contract from '../contract/conv2d.js';
import { add } from '../contract/float32.js';
import type { Drawer } from '../drawn/drawer.js';
import { drawPicture, named } from '../drawn/shapes.js';
import * as reference from '../reference/conv2d.js';
import { type Conv2dGeometry, conv2dGeometry } from '../support/geometry.js';
import type { Floats, OperationCase, OperationTable, Values } from './case.js';

export const golden = 'sha256:f2da4c2b2e074865f783726689531b873ea1ae402a450f4d62a5ae3cbc70d8ec';

type Settings = Omit<Conv2dTransposeOptions, 'bias'>;
type Shaped = readonly { shape: readonly number[] }[];

const both = (pair: number | readonly number[]): [number, number] =>
  typeof pair === 'number' ? [pair, pair] : [pair[0]!, pair[1]!];

/** The convolution whose way back this is: its input is the output here, found by its length. */
function geometry([x, weight]: Shaped, settings: Settings): Conv2dGeometry {
  const [n, h, w] = x!.shape as [number, number, number, number];
  const [kh, kw, co] = weight!.shape as [number, number, number, number];
  const { padding = 'valid', outputPadding = null } = settings;
  const [strides, dilations] = [both(settings.strides ?? 1), both(settings.dilations ?? 1)];
  const lengths = [h, w].map((length, axis) => {
    const extent = ([kh, kw][axis]! - 1) * dilations[axis]! + 1;
    const stride = strides[axis]!;
    if (outputPadding === null && padding === 'same') return length * stride;
    if (outputPadding === null) return extent > stride ? (length - 1) * stride + extent : length * stride;
    const cut = padding === 'same' ? extent - (extent % 2) : 0;
    return (length - 1) * stride + extent - cut + both(outputPadding)[axis]!;
  });
  return conv2dGeometry([n, ...lengths, co], weight!.shape, { strides, dilations, padding });
}

const shapeOf = (g: Conv2dGeometry) => [g.n, g.h, g.w, g.ci];

function judge(inputs: readonly Values[], settings: Settings): Values {
  const g = geometry(inputs, settings);
  const nothing = { shape: shapeOf(g), data: new Float64Array(g.n * g.h * g.w * g.ci) };
  const [y] = reference.conv2dGradients(g, nothing, inputs[1]!, inputs[0]!);
  return { shape: shapeOf(g), data: y.data.map((value, i) => value + (inputs[2]?.data[i % g.ci] ?? 0)) };
}

function judgeGradients(inputs: readonly Values[], dy: Values, settings: Settings): Values[] {
  const g = geometry(inputs, settings);
  const [x, weight] = inputs;
  const dx = reference.conv2d(g, dy, weight!);
  const [, dw] = reference.conv2dGradients(g, dy, weight!, x!);
  const db = new Float64Array(g.ci);
  dy.data.forEach((value, i) => {
    db[i % g.ci]! += value;
  });
  return [{ shape: x!.shape, data: dx.data }, dw, { shape: [g.ci], data: db }].slice(0, inputs.length);
}

function forward(inputs: readonly Floats[], settings: Settings): Floats {
  const g = geometry(inputs, settings);
  const [x, weight, bias] = inputs;
  const sums = contract.conv2dInputGradient(g, x!.data, weight!.data);
  const data = bias === undefined ? sums : sums.map((value, i) => add(value, bias.data[i % g.ci]!));
  return { shape: shapeOf(g), data };
}

function gradients(inputs: readonly Floats[], _y: Floats, dy: Floats, settings: Settings): Floats[] {
  const g = geometry(inputs, settings);
  const [x, weight] = inputs;
  // The bias belongs to the places of dy.
  const places = { ...g, oh: g.h, ow: g.w, co: g.ci };
  return [
    { shape: x!.shape, data: contract.conv2d(g, dy.data, weight!.data, undefined) },
    { shape: weight!.shape, data: contract.conv2dWeightGradient(g, dy.data, x!.data) },
    { shape: [g.ci], data: contract.conv2dBiasGradient(places, dy.data) },
  ].slice(0, inputs.length);
}

function one(x: number[], kernel: number[], co: number, settings: Settings, biased = true): OperationCase<Settings> {
  const weight = [...kernel, co, x[3]!];
  const inputs = [
    { name: 'x', shape: x },
    { name: 'weight', shape: weight },
    ...(biased ? [{ name: 'bias', shape: [co] }] : []),
  ];
  return { name: `transposed [${x}] by [${weight}] ${JSON.stringify(settings)}`, inputs, settings };
}

const shared = {
  op: 'conv2d',
  judge,
  judgeGradients,
  sumsOfProducts: true,
  contract: { forward, gradients },
  tolerance: 3e-6,
};

const biased: OperationTable<Settings> = {
  ...shared,
  run: ([x, weight, bias], settings) => conv2dTranspose(x!, weight!, { ...settings, bias: bias! }),
  batched: [true, false, false],
  differentiable: [true, true, true],
  cases: [
    one([1, 1, 1, 1], [1, 1], 1, {}),
    one([2, 5, 7, 19], [3, 3], 7, { strides: 2, padding: 'same' }),
    one([2, 5, 6, 7], [2, 2], 16, { strides: 2 }),
    one([1, 4, 5, 3], [3, 2], 5, { strides: [3, 2], padding: 'same', outputPadding: [2, 1] }),
    one([2, 3, 5, 3], [2, 3], 4, { strides: [3, 4] }),
    one([1, 9, 8, 33], [4, 4], 17, { strides: 2, padding: 'same' }),
    // More than a chunk of positions in each of three samples.
    one([3, 10, 9, 2], [3, 3], 21, { strides: 2, padding: 'same' }),
    // The ways up of a U-Net for pictures of 256 x 256.
    { ...one([4, 16, 16, 512], [2, 2], 256, { strides: 2 }), bench: true },
    { ...one([4, 32, 32, 256], [2, 2], 128, { strides: 2 }), bench: true },
    { ...one([4, 64, 64, 128], [2, 2], 64, { strides: 2 }), bench: true },
    { ...one([4, 128, 128, 64], [2, 2], 32, { strides: 2 }), bench: true },
  ],
};

const plain: OperationTable<Settings> = {
  ...shared,
  run: ([x, weight], settings) => conv2dTranspose(x!, weight!, settings),
  batched: [true, false],
  differentiable: [true, true],
  cases: [
    one([2, 6, 5, 3], [3, 3], 5, { dilations: [2, 1] }, false),
    one([3, 7, 19, 5], [3, 5], 2, { padding: 'same' }, false),
    one([35, 3, 4, 5], [2, 2], 3, { strides: 2, padding: 'same' }, false),
  ],
};

export const tables = [biased, plain];

/** Small pictures, any stride with any kernel; one dilated where the stride is 1, as frameworks have it. */
export function draw(draw: Drawer, table: OperationTable<unknown>) {
  const x = drawPicture(draw, draw.int(1, 3));
  const co = draw.channels(20);
  const kernel = [draw.int(1, 4), draw.int(1, 4)];
  const strides = [draw.int(1, 3), draw.int(1, 3)] as const;
  const dilations = strides.every((stride) => stride === 1) && draw.once(2) ? ([2, 3] as const) : 1;
  const settings: Settings = { strides, dilations, padding: draw.pick(['valid', 'same'] as const) };
  const { inputs } = one([...x], kernel, co, settings, table.differentiable.length === 3);
  return named<unknown>(inputs, settings);
}

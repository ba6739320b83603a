/** Cases of dense: one output, few outputs, tails of every tile, with and without bias and relu. */
import { dense, type FusedActivation } from '../../lib/index.js';
import * as contract from '../contract/dense.js';
import { type Drawer, sizeOf, until } from '../drawn/drawer.js';
import { named } from '../drawn/shapes.js';
import { denseProbes } from '../order/probes/dense.js';
import * as reference from '../reference/dense.js';
import { fusedOf } from '../support/fused.js';
import { biasGradient, drawn, type Piece } from '../support/pieces.js';
import type { Floats, OperationCase, OperationTable, Values } from './case.js';

export const golden = 'sha256:7f8671614cb8c252161323f52c292eabd1234c51b45c9790b48354a280cf7561';

interface Settings {
  activation: FusedActivation;
}

type Inputs = readonly { shape: readonly number[] }[];

const geometry = ([x, weight]: Inputs) => ({ n: x!.shape[0]!, i: x!.shape[1]!, o: weight!.shape[1]! });

function judge([x, weight, bias]: readonly Values[], { activation }: Settings): Values {
  const y = reference.dense(x!, weight!, bias);
  return { ...y, data: y.data.map(fusedOf(activation).judge.value) };
}

function judgeGradients(inputs: readonly Values[], dy: Values, settings: Settings): Values[] {
  const z = judge(inputs, { activation: 'linear' });
  const { derivative } = fusedOf(settings.activation).judge;
  const dz = { ...dy, data: dy.data.map((value, i) => derivative(z.data[i]!) * value) };
  return reference.denseGradients(inputs[0]!, inputs[1]!, dz).slice(0, inputs.length);
}

function forward(inputs: readonly Floats[], { activation }: Settings): Floats {
  const g = geometry(inputs);
  const [x, weight, bias] = inputs;
  const activate = fusedOf(activation).contract.forward;
  return { shape: [g.n, g.o], data: contract.dense(g, x!.data, weight!.data, bias?.data, activate) };
}

function gradients(inputs: readonly Floats[], y: Floats, dy: Floats, { activation }: Settings): Floats[] {
  const g = geometry(inputs);
  const [x, weight] = inputs;
  const z = activation === 'linear' ? y : forward(inputs, { activation: 'linear' });
  const dz = dy.data.map((value, i) => fusedOf(activation).contract.gradient(value, z.data[i]!));
  return [
    { shape: x!.shape, data: contract.denseInputGradient(g, dz, weight!.data) },
    { shape: weight!.shape, data: contract.denseWeightGradient(g, x!.data, dz) },
    { shape: [g.o], data: contract.denseBiasGradient(g, dz) },
  ].slice(0, inputs.length);
}

function one(n: number, i: number, o: number, activation: FusedActivation, biased = true): OperationCase<Settings> {
  const inputs = [
    { name: 'x', shape: [n, i] },
    { name: 'weight', shape: [i, o] },
  ];
  if (biased) inputs.push({ name: 'bias', shape: [o] });
  return {
    name: `[${n}, ${i}] by [${i}, ${o}] ${activation}${biased ? '' : ', no bias'}`,
    inputs,
    settings: { activation },
  };
}

const biased: OperationTable<Settings> = {
  op: 'dense',
  run: ([x, weight, bias], settings) => dense(x!, weight!, { ...settings, bias: bias ?? null }),
  judge,
  judgeGradients,
  sumsOfProducts: true,
  contract: {
    forward,
    gradients,
  },
  batched: [true, false, false],
  differentiable: [true, true, true],
  tolerance: 3e-6,
  flops: ([x, weight]) => 2 * x!.shape[0]! * weight!.shape[0]! * weight!.shape[1]!,
  cases: [
    one(1, 1, 1, 'linear'),
    one(32, 257, 1, 'linear'),
    one(5, 33, 3, 'relu'),
    one(13, 31, 37, 'relu'),
    one(3, 130, 149, 'linear'),
    one(40, 23, 18, 'linear'),
    one(45, 35, 50, 'relu'),
    { ...one(32, 12_544, 1, 'linear'), bench: true },
    { ...one(32, 2048, 1000, 'linear'), bench: true },
  ],
};

const unbiased: OperationTable<Settings> = {
  ...biased,
  batched: [true, false],
  differentiable: [true, true],
  cases: [one(7, 19, 16, 'linear', false)],
};

export const tables = [biased, unbiased];

export const beside: Record<string, Piece> = {
  'dense.biasGradient [35,23] by [23,19]': {
    run(runtime) {
      const [x, weight] = [drawn(runtime, [35, 23], 4), drawn(runtime, [23, 19], 5)];
      return biasGradient(runtime, 19, (bias) => dense(x, weight, { bias }));
    },
    judged: ['test/gradients/alone.test.ts', 'alone'],
  },
};

export const probes = denseProbes;

export function draw(draw: Drawer, table: OperationTable<unknown>) {
  const [n, i, o] = until(
    () => [draw.pick([draw.int(1, 9), draw.int(1, 70)]), draw.channels(), draw.channels()] as const,
    (sizes) => sizeOf(sizes) <= 20_000,
  );
  const inputs = [
    { name: 'x', shape: [n, i] },
    { name: 'weight', shape: [i, o] },
    { name: 'bias', shape: [o] },
  ];
  return named(inputs.slice(0, table.cases[0]!.inputs.length), {
    activation: draw.pick(['linear', 'relu', 'relu6', 'leaky_relu']),
  });
}

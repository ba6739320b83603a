/** Cases of batch_norm in training: one position, odd channels around the vector width, several chunks a sample. */
import { add, batchNorm, batchNormMoving, batchNormStatistics, type Runtime } from '../../lib/index.js';
import * as contract from '../contract/batch_norm.js';
import * as float32 from '../contract/float32.js';
import { batchNormProbes } from '../order/probes/batch_norm.js';
import * as reference from '../reference/batch_norm.js';
import { fusedOf } from '../support/fused.js';
import { drawn, type Piece } from '../support/pieces.js';
import { type Floats, miniXceptionInputs, type OperationCase, type OperationTable } from './case.js';

export const golden = 'sha256:08fcd7a95b8a6e44a8dd1780f98d78dac75e906babccd3e980558268aeb9666e';

type Settings = reference.BatchNormSettings;

const shapes = [
  [7, 1],
  [5, 3],
  [2, 3, 5, 17],
  [3, 17, 19, 33],
  [5, 29, 31, 16],
  [2, 7, 5, 64],
  [3, 4, 3, 113],
];

function channels([x, gamma, beta]: readonly Floats[], { epsilon }: Settings): contract.Channel[] {
  return Array.from({ length: x!.shape.at(-1)! }, (_, c) =>
    contract.channelOf(x!.shape, x!.data, c, gamma!.data[c]!, beta!.data[c]!, epsilon),
  );
}

function forward(inputs: readonly Floats[], settings: Settings): Floats {
  const all = channels(inputs, settings);
  const x = inputs[0]!;
  const data = x.data.map((value, i) => {
    const y = fusedOf(settings.activation).contract.forward(contract.valueAt(all[i % all.length]!, value));
    return settings.residual ? float32.add(y, value) : y;
  });
  return { shape: x.shape, data };
}

function gradients(inputs: readonly Floats[], _y: Floats, dy: Floats, settings: Settings): Floats[] {
  const all = channels(inputs, settings);
  const x = inputs[0]!;
  const { gradient } = fusedOf(settings.activation).contract;
  const dz = dy.data.map((value, i) => gradient(value, contract.valueAt(all[i % all.length]!, x.data[i]!)));
  const sums = all.map((channel, c) => contract.parameterGradient(x.shape, x.data, dz, c, channel));
  const count = x.data.length / all.length;
  const dx = x.data.map((value, i) => {
    const gradient = contract.inputGradient(all[i % all.length]!, value, dz[i]!, sums[i % all.length]!, count);
    return settings.residual ? float32.add(dy.data[i]!, gradient) : gradient;
  });
  return [
    { shape: x.shape, data: dx },
    { shape: [all.length], data: Float32Array.from(sums, ({ dgamma }) => dgamma) },
    { shape: [all.length], data: Float32Array.from(sums, ({ dbeta }) => dbeta) },
  ];
}

const one = (shape: number[], relu: boolean, residual = false): OperationCase<Settings> => ({
  name: `[${shape}]${relu ? ' with relu' : ''}${residual ? ' and x added' : ''}`,
  inputs: [
    { name: 'x', shape },
    { name: 'gamma', shape: [shape.at(-1)!] },
    { name: 'beta', shape: [shape.at(-1)!] },
  ],
  settings: { epsilon: 1e-3, activation: relu ? 'relu' : 'linear', residual },
});

export const table: OperationTable<Settings> = {
  op: 'batch_norm',
  run: ([x, gamma, beta], { residual, ...settings }) => {
    const y = batchNorm(x!, batchNormStatistics(x!), { gamma: gamma!, beta: beta! }, { ...settings, training: true });
    return residual ? add(y, x!) : y;
  },
  judge: ([x, gamma, beta], settings) => reference.batchNorm(x!, gamma!, beta!, settings),
  contract: { forward, gradients },
  differentiable: [true, true, true],
  tolerance: 5e-6,
  cases: [
    ...shapes.flatMap((shape) => [false, true].map((relu) => one(shape, relu))),
    ...shapes.slice(2).map((shape) => one(shape, true, true)),
    ...miniXceptionInputs.map((shape) => ({ ...one(shape, true), bench: true })),
  ],
};

function moving(runtime: Runtime, scale?: number) {
  const state = drawn(runtime, [37], 0);
  batchNormMoving(state, drawn(runtime, [37], 1), 0.99, scale);
  return state;
}
const judged = ['test/conformance/kernels_beside.test.ts', 'batchNormMoving'] as const;

export const beside: Record<string, Piece> = {
  'batch_norm.moving [37]': { run: (runtime) => moving(runtime), judged },
  'batch_norm.moving [37] unbiased': { run: (runtime) => moving(runtime, 37 / 36), judged },
};

export const probes = batchNormProbes;

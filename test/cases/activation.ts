/** Cases of the activation functions and clip: sizes around the vector width and the task grain, each with its options. */
import {
  clip,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  pow,
  relu,
  relu6,
  selu,
  softplus,
  swish,
  type Tensor,
} from '../../lib/index.js';
import * as contract from '../contract/activation.js';
import * as reference from '../reference/activation.js';
import { map } from '../reference/elementwise.js';
import type { Draw, OperationTable } from './case.js';

export const golden = 'sha256:6e08578565e0afdc5bcfd894c502d50e04745e2ac8078c2d81777dd1e2f3e00a';

const shapes = [[1], [15], [17], [3, 5, 7, 11], [16_411]];

interface Activation {
  run(x: Tensor): Tensor;
  judge: { value(x: number): number; derivative(x: number): number };
  contract: { forward(x: number): number; gradient(dy: number, x: number): number };
  draw?: Draw;
}

const large = [32, 89, 89, 64];

const functions: Record<string, Activation> = {
  'leakyRelu 0.2': { run: leakyRelu, judge: reference.relu(0.2), contract: contract.relu(0.2, 0, Infinity) },
  'leakyRelu 0.01': {
    run: (x) => leakyRelu(x, { negativeSlope: 0.01 }),
    judge: reference.relu(0.01),
    contract: contract.relu(0.01, 0, Infinity),
  },
  relu6: { run: relu6, judge: reference.relu(0, 0, 6), contract: contract.relu(0, 0, 6) },
  'relu with all options': {
    run: (x) => relu(x, { maxValue: 0.75, negativeSlope: 0.125, threshold: 0.25 }),
    judge: reference.relu(0.125, 0.25, 0.75),
    contract: contract.relu(0.125, 0.25, 0.75),
  },
  elu: { run: elu, judge: reference.elu(1, 1), contract: contract.elu(1, 1) },
  'elu 0.3': { run: (x) => elu(x, { alpha: 0.3 }), judge: reference.elu(1, 0.3), contract: contract.elu(1, 0.3) },
  selu: {
    run: selu,
    judge: reference.elu(1.0507009873554805, 1.0507009873554805 * 1.6732632423543772),
    contract: contract.elu(1.0507009873554805, 1.0507009873554805 * 1.6732632423543772),
  },
  softplus: { run: softplus, judge: reference.softplus, contract: contract.softplus },
  swish: { run: swish, judge: reference.swish, contract: contract.swish },
  hardSigmoid: { run: hardSigmoid, judge: reference.hardSigmoid, contract: contract.hardSigmoid },
  hardSwish: { run: hardSwish, judge: reference.hardSwish, contract: contract.hardSwish },
  gelu: { run: gelu, judge: reference.gelu, contract: contract.gelu },
  'gelu with tanh': {
    run: (x) => gelu(x, { approximate: true }),
    judge: reference.geluTanh,
    contract: contract.geluTanh,
  },
  'pow 3': { run: (x) => pow(x, 3), judge: reference.power(3), contract: contract.power(3) },
  'pow -1.7': {
    run: (x) => pow(x, Math.fround(-1.7)),
    judge: reference.power(Math.fround(-1.7)),
    contract: contract.power(-1.7),
    draw: 'positive',
  },
  clip: {
    run: (x) => clip(x, { low: -0.5, high: 0.75 }),
    judge: reference.clip(-0.5, 0.75),
    contract: contract.clip(-0.5, 0.75),
  },
};

export const tables: OperationTable<Record<never, never>>[] = Object.entries(functions).map(([name, of]) => ({
  op: 'activation',
  run: ([x]) => of.run(x!),
  judge: ([x]) => map(x!, of.judge.value),
  judgeGradients: ([x], dy) => [map(x!, (value, i) => of.judge.derivative(value) * dy.data[i]!)],
  contract: {
    forward: ([x]) => ({ shape: x!.shape, data: x!.data.map((value) => of.contract.forward(value)) }),
    gradients: ([x], _y, dy) => [
      { shape: x!.shape, data: dy.data.map((value, i) => of.contract.gradient(value, x!.data[i]!)) },
    ],
  },
  batched: [true],
  differentiable: [true],
  tolerance: 1e-6,
  cases: [
    ...shapes.map((shape) => ({
      name: `${name} [${shape}]`,
      inputs: [{ name: 'x', shape, draw: of.draw ?? 'normal' }],
      settings: {},
    })),
    {
      name: `${name} [${large}]`,
      inputs: [{ name: 'x', shape: large, draw: of.draw ?? 'normal' }],
      settings: {},
      bench: true,
    },
  ],
}));

// batch_norm as tables of every form: with and without gamma and beta, in training and in inference, where mean and variance
// are given and have no gradient.

import { batchNorm, batchNormStatistics, type NormActivation, type Tensor } from '../../lib/index.js';
import { table as training } from '../cases/batch_norm.js';
import type { CaseInput, Floats, OperationTable, Values } from '../cases/case.js';
import { parameterGradient, valueAt } from '../contract/batch_norm.js';
import { add, div, f32, mul, sqrt } from '../contract/float32.js';
import { fusedOf } from '../support/fused.js';
import { type Drawer, sizeOf, until } from './drawer.js';
import type { DrawnTable } from './index.js';

interface Settings {
  epsilon: number;
  activation: NormActivation;
  gamma: boolean;
  beta: boolean;
}

/** What is given behind the first `fixed` inputs, as [gamma, beta]. */
function parametersOf<T>(inputs: readonly T[], fixed: number, { gamma, beta }: Settings): [T | null, T | null] {
  const given = inputs.slice(fixed);
  return [gamma ? given.shift()! : null, beta ? given.shift()! : null];
}

const valuesOf = (like: Values, given: Values | null, value: number): Values =>
  given ?? { shape: [like.shape.at(-1)!], data: new Float64Array(like.shape.at(-1)!).fill(value) };
const floatsOf = (like: Floats, given: Floats | null, value: number): Floats =>
  given ?? { shape: [like.shape.at(-1)!], data: new Float32Array(like.shape.at(-1)!).fill(value) };

const pick = <T>(all: readonly T[], first: number, { gamma, beta }: Settings): T[] => [
  ...all.slice(0, first),
  ...(gamma ? [all[first]!] : []),
  ...(beta ? [all[first + 1]!] : []),
];

const inTraining: OperationTable<Settings> = {
  op: 'batch_norm',
  run: (inputs, settings) => {
    const [gamma, beta] = parametersOf<Tensor>(inputs, 1, settings);
    const { epsilon, activation } = settings;
    return batchNorm(
      inputs[0]!,
      batchNormStatistics(inputs[0]!),
      { gamma, beta },
      { epsilon, activation, training: true },
    );
  },
  judge: (inputs, settings) => {
    const [x, [gamma, beta]] = [inputs[0]!, parametersOf(inputs, 1, settings)];
    return training.judge([x, valuesOf(x, gamma, 1), valuesOf(x, beta, 0)], settings);
  },
  contract: {
    forward: (inputs, settings) => {
      const [x, [gamma, beta]] = [inputs[0]!, parametersOf(inputs, 1, settings)];
      return training.contract!.forward([x, floatsOf(x, gamma, 1), floatsOf(x, beta, 0)], settings);
    },
    gradients: (inputs, y, dy, settings) => {
      const [x, [gamma, beta]] = [inputs[0]!, parametersOf(inputs, 1, settings)];
      const given = [x, floatsOf(x, gamma, 1), floatsOf(x, beta, 0)];
      return pick(training.contract!.gradients!(given, y, dy, settings), 1, settings);
    },
  },
  differentiable: [true, true, true],
  tolerance: 5e-6,
  cases: [],
};

/** What inference makes of each channel. */
function channelsOf([x, mean, variance, ...rest]: readonly Floats[], settings: Settings) {
  const [gamma, beta] = parametersOf([x!, ...rest], 1, settings);
  return Array.from(mean!.data, (m, c) => {
    const inverse = div(1, sqrt(add(variance!.data[c]!, f32(settings.epsilon))));
    return { mean: m, inverse, scale: gamma ? mul(gamma.data[c]!, inverse) : inverse, beta: beta?.data[c] ?? 0 };
  });
}

const inInference: OperationTable<Settings> = {
  op: 'batch_norm',
  run: ([x, mean, variance, ...rest], settings) => {
    const [gamma, beta] = parametersOf<Tensor>([x!, ...rest], 1, settings);
    const { epsilon, activation } = settings;
    return batchNorm(
      x!,
      { mean: mean!, variance: variance! },
      { gamma, beta },
      { epsilon, activation, training: false },
    );
  },
  judge: ([x, mean, variance, ...rest], settings) => {
    const [gamma, beta] = parametersOf([x!, ...rest], 1, settings);
    const data = x!.data.map((value, i) => {
      const c = i % mean!.data.length;
      const normal = (value - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + settings.epsilon);
      const y = normal * (gamma?.data[c] ?? 1) + (beta?.data[c] ?? 0);
      return fusedOf(settings.activation).judge.value(y);
    });
    return { shape: x!.shape, data };
  },
  contract: {
    forward: (inputs, settings) => {
      const channels = channelsOf(inputs, settings);
      const data = inputs[0]!.data.map((value, i) => {
        return fusedOf(settings.activation).contract.forward(valueAt(channels[i % channels.length]!, value));
      });
      return { shape: inputs[0]!.shape, data };
    },
    gradients: (inputs, _y, dy, settings) => {
      const channels = channelsOf(inputs, settings);
      const x = inputs[0]!;
      const channel = (i: number) => channels[i % channels.length]!;
      const { gradient } = fusedOf(settings.activation).contract;
      const dz = dy.data.map((value, i) => gradient(value, valueAt(channel(i), x.data[i]!)));
      const sums = channels.map((one, c) => parameterGradient(x.shape, x.data, dz, c, one));
      const shape = [channels.length];
      const all: (Floats | null)[] = [
        { shape: x.shape, data: dz.map((value, i) => mul(channel(i).scale, value)) },
        null,
        null,
        { shape, data: Float32Array.from(sums, ({ dgamma }) => dgamma) },
        { shape, data: Float32Array.from(sums, ({ dbeta }) => dbeta) },
      ];
      return pick(all, 3, settings);
    },
  },
  differentiable: [true, false, false, true, true],
  tolerance: 5e-6,
  cases: [],
};

const activations = ['linear', 'relu', 'relu6', 'leaky_relu', 'hard_sigmoid', 'hard_swish'] as const;

/** Shapes [n, ..., c] with two values a channel at least; some with more positions than a chunk. */
function drawNormalised(draw: Drawer, fixed: readonly CaseInput[]) {
  const shape = until(
    () => {
      const between = Array.from({ length: draw.int(0, 2) }, () => draw.int(1, draw.once(6) ? 24 : 6));
      return [draw.int(1, 7), ...between, draw.channels()];
    },
    (all) => sizeOf(all) <= 9000 && sizeOf(all.slice(0, -1)) > 1,
  );
  const activation = draw.pick<NormActivation>([...activations, 'linear', 'relu']);
  const settings = { epsilon: 1e-3, activation, gamma: draw.once(2), beta: draw.once(2) };
  const perChannel = [shape.at(-1)!];
  const inputs: CaseInput[] = [
    { name: 'x', shape },
    ...fixed.map((input) => ({ ...input, shape: perChannel })),
    ...(settings.gamma ? [{ name: 'gamma', shape: perChannel }] : []),
    ...(settings.beta ? [{ name: 'beta', shape: perChannel }] : []),
  ];
  return {
    name: `[${shape}] ${fixed.length > 0 ? 'inference' : 'training'} ${JSON.stringify(settings)}`,
    inputs,
    settings,
  };
}

const statistics: CaseInput[] = [
  { name: 'mean', shape: [] },
  { name: 'variance', shape: [], draw: 'positive' },
];

export const batchNorms: DrawnTable[] = [
  { table: inTraining, draw: (draw) => drawNormalised(draw, []), share: 4 },
  { table: inInference, draw: (draw) => drawNormalised(draw, statistics), share: 3 },
];

/** Cases of rmsprop: two steps in a row, so that the state of the first reaches the second. */
import { rmspropUpdate, tensor, zeros } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:37178de2053d597abf677c26bd46bab7a6dd9743e5fee95b543e6ce58930bbd0';

interface Settings {
  learningRate: number;
  rho: number;
  momentum: number;
  epsilon: number;
  centered: boolean;
  epsilonPlace?: 'inside' | 'outside';
  weightDecay?: number;
  weightDecayForm?: 'decoupled' | 'coupled';
}

const shapes = [[1], [17], [3, 5, 7], [16_411]];
const keras = { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false };
const settings: readonly Settings[] = [
  keras,
  { ...keras, momentum: 0.8 },
  { ...keras, centered: true },
  { ...keras, learningRate: 0.02, momentum: 0.5, epsilon: 1e-3, centered: true },
  { ...keras, epsilonPlace: 'outside' },
  { ...keras, learningRate: 0.02, momentum: 0.5, epsilon: 1e-3, centered: true, epsilonPlace: 'outside' },
  { ...keras, weightDecay: 0.1 },
  { ...keras, momentum: 0.8, weightDecay: 0.1, weightDecayForm: 'coupled' },
];

const one = (shape: number[], options: Settings) => ({
  name: `[${shape}] momentum ${options.momentum}${options.centered ? ' centered' : ''}${options.epsilonPlace ? ' epsilon outside' : ''}${options.weightDecay ? ` decay ${options.weightDecayForm}` : ''}`,
  inputs: [
    { name: 'weight', shape },
    { name: 'gradient', shape },
  ],
  settings: options,
});

export const table: OperationTable<Settings> = {
  op: 'rmsprop',
  run: ([w, g], { centered, ...options }) => {
    const weight = tensor(w!.runtime, w!.data(), w!.shape);
    const zero = () => zeros(w!.runtime, w!.shape);
    const slots = {
      velocity: zero(),
      average: centered ? zero() : null,
      buffer: options.momentum > 0 ? zero() : null,
    };
    for (let step = 0; step < 2; ++step) rmspropUpdate(weight, g!, slots, options);
    return weight;
  },
  judge: ([w, g], options) => ({
    shape: w!.shape,
    data: w!.data.map((value, i) => {
      const first = reference.rmsprop({ w: value, v: 0, momentum: 0, average: 0 }, g!.data[i]!, options);
      return reference.rmsprop(first, g!.data[i]!, options).w;
    }),
  }),
  contract: {
    forward: ([w, g], options) => {
      const weight = w!.data.slice();
      const zero = () => new Float32Array(weight.length);
      const state = { velocity: zero(), momentum: zero(), average: zero() };
      for (let step = 0; step < 2; ++step) contract.rmsprop(weight, g!.data, state, options);
      return { shape: w!.shape, data: weight };
    },
  },
  differentiable: [false, false],
  tolerance: 1e-5,
  cases: [
    ...settings.flatMap((options) => shapes.map((shape) => one(shape, options))),
    { ...one([3, 3, 256, 256], settings[0]!), bench: true },
  ],
};

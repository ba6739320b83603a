/** Cases of sgd: two steps in a row, so that the velocity of the first reaches the second. */
import { type SgdSettings, sgdUpdate, tensor, zeros } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import type { OperationTable } from './case.js';

export const golden = 'sha256:286eefacd5e947e2b47fd4d6d0d7b3b61b654266220b633e6c3db5ad739ce983';

type Settings = SgdSettings;

const shapes = [[1], [17], [3, 5, 7], [16_411]];
const settings: readonly Settings[] = [
  { learningRate: 0.01, momentum: 0, nesterov: false },
  { learningRate: 0.1, momentum: 0.9, nesterov: false },
  { learningRate: 0.1, momentum: 0.9, nesterov: true },
  { learningRate: 0.1, momentum: 0.9, nesterov: false, velocityOf: 'gradients' },
  {
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    velocityOf: 'gradients',
    weightDecay: 0.1,
    weightDecayForm: 'coupled',
  },
  { learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0.1 },
];

/** What a case says of its other settings. */
const words = ({ velocityOf, weightDecay, weightDecayForm = 'decoupled' }: Settings) =>
  `${velocityOf ? ` velocity of ${velocityOf}` : ''}${weightDecay ? ` ${weightDecayForm} decay` : ''}`;

export const table: OperationTable<Settings> = {
  op: 'sgd',
  run: ([w, g], options) => {
    const weight = tensor(w!.runtime, w!.data(), w!.shape);
    const velocity = options.momentum > 0 ? zeros(w!.runtime, w!.shape) : null;
    for (let step = 0; step < 2; ++step) sgdUpdate(weight, g!, velocity, options);
    return weight;
  },
  judge: ([w, g], options) => ({
    shape: w!.shape,
    data: w!.data.map((value, i) => {
      const first = reference.sgd({ w: value, v: 0 }, g!.data[i]!, options);
      return reference.sgd(first, g!.data[i]!, options).w;
    }),
  }),
  contract: {
    forward: ([w, g], options) => {
      const weight = w!.data.slice();
      const velocity = new Float32Array(weight.length);
      for (let step = 0; step < 2; ++step) contract.sgd(weight, g!.data, velocity, options);
      return { shape: w!.shape, data: weight };
    },
  },
  differentiable: [false, false],
  tolerance: 1e-6,
  cases: settings.flatMap((options) =>
    shapes.map((shape) => ({
      name: `[${shape}] momentum ${options.momentum}${options.nesterov ? ' nesterov' : ''}${words(options)}`,
      inputs: [
        { name: 'weight', shape },
        { name: 'gradient', shape },
      ],
      settings: options,
    })),
  ),
};

/** Cases of adagrad: steps in a row, with each form and with weight decay. */
import { type AdagradSettings, adagradUpdate } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import { stepTable } from '../support/step_table.js';

export const golden = 'sha256:5125ba3782aa99345deaba72c1b79e0789fbc7345102d4b7266b11455006dfc5';

type Settings = AdagradSettings & { initial: number };

const keras = { learningRate: 0.1, epsilon: 1e-7, initial: 0.1 };

export const table = stepTable<Settings>({
  op: 'adagrad',
  slots: ({ initial }) => ({ accumulator: initial }),
  update: (weight, gradient, { accumulator }, { initial: _, ...settings }) =>
    adagradUpdate(weight, gradient, accumulator!, settings),
  contract: contract.adagrad,
  judge: reference.adagrad as never,
  settings: [
    keras,
    { ...keras, initial: 0, epsilon: 0.01, epsilonPlace: 'outside' },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'decoupled' },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'coupled' },
  ],
  tolerance: 1e-5,
});

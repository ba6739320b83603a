/** Cases of adagrad: steps in a row, with each form and with weight decay. */
import { type AdagradSettings, adagradUpdate } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import { stepTable } from '../support/step_table.js';

export const golden = 'sha256:73d3ed2cad9d9a4c7a894783c65dda49aca435ad3f59d48797b1d2343933d855';

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

/** Cases of adam: steps in a row, with each form and with weight decay. */
import { type AdamSettings, adamUpdate } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import { stepTable } from '../support/step_table.js';

export const golden = 'sha256:90809e51df7a8ffbf740f386d2877bf33904778e18f4346801c0d6e2dd0b0cf8';

type Settings = Omit<AdamSettings, 'step'> & { amsgrad?: boolean };

const keras = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export const table = stepTable<Settings>({
  op: 'adam',
  slots: ({ amsgrad }) => ({ momentum: 0, velocity: 0, ...(amsgrad && { maximum: 0 }) }),
  update: (weight, gradient, { momentum, velocity, maximum }, { amsgrad: _, ...settings }, step) =>
    adamUpdate(
      weight,
      gradient,
      { momentum: momentum!, velocity: velocity!, maximum: maximum ?? null },
      { ...settings, step },
    ),
  contract: contract.adam,
  judge: reference.adam as never,
  settings: [
    keras,
    { ...keras, amsgrad: true },
    { ...keras, learningRate: 0.3, beta1: 0.5, beta2: 0.75, epsilon: 0.01, amsgrad: true },
    { ...keras, epsilon: 0.01, epsilonForm: 'corrected' },
    { ...keras, beta1: 0, beta2: 0 },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'decoupled' },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'coupled' },
  ],
  tolerance: 1e-5,
});

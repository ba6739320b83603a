/** Cases of nadam: steps in a row, with each form and with weight decay. */
import { type NadamSettings, nadamUpdate } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import { stepTable } from '../support/step_table.js';

export const golden = 'sha256:52459ca5ec85dfae53f0efdca6e8d7673bc7f9c2597d87cae84d23a47afe678a';

type Settings = Omit<NadamSettings, 'step'>;

const keras = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export const table = stepTable<Settings>({
  op: 'nadam',
  slots: () => ({ momentum: 0, velocity: 0 }),
  update: (weight, gradient, { momentum, velocity }, settings, step) =>
    nadamUpdate(weight, gradient, { momentum: momentum!, velocity: velocity! }, { ...settings, step }),
  contract: contract.nadam,
  judge: reference.nadam as never,
  settings: [
    keras,
    { ...keras, beta1: 0.5, beta2: 0.75, epsilon: 0.01 },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'decoupled' },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'coupled' },
  ],
  tolerance: 1e-5,
});

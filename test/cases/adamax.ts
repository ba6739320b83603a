/** Cases of adamax: steps in a row, with each form and with weight decay. */
import { type AdamaxSettings, adamaxUpdate } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import { stepTable } from '../support/step_table.js';

export const golden = 'sha256:8e9b10fceabdd51cb4f9dd27461ebdb7934bae1eb2a94ada9f0c14581d16c69c';

type Settings = Omit<AdamaxSettings, 'step'>;

const keras = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export const table = stepTable<Settings>({
  op: 'adamax',
  slots: () => ({ momentum: 0, norm: 0 }),
  update: (weight, gradient, { momentum, norm }, settings, step) =>
    adamaxUpdate(weight, gradient, { momentum: momentum!, norm: norm! }, { ...settings, step }),
  contract: contract.adamax,
  judge: reference.adamax as never,
  settings: [
    keras,
    { ...keras, beta1: 0.5, beta2: 0.75, epsilon: 0.01 },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'decoupled' },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'coupled' },
  ],
  tolerance: 1e-5,
});

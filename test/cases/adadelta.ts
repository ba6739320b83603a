/** Cases of adadelta: steps in a row, with each form and with weight decay. */
import { type AdadeltaSettings, adadeltaUpdate } from '../../lib/index.js';
import * as contract from '../contract/optimizers.js';
import * as reference from '../reference/optimizers.js';
import { stepTable } from '../support/step_table.js';

export const golden = 'sha256:b95a28a74d8748af240c28186c0c37c851441875e6fe9e44763967da101b82c0';

type Settings = AdadeltaSettings;

const keras = { learningRate: 0.5, rho: 0.95, epsilon: 1e-7 };

export const table = stepTable<Settings>({
  op: 'adadelta',
  slots: () => ({ squares: 0, steps: 0 }),
  update: (weight, gradient, { squares, steps }, settings) =>
    adadeltaUpdate(weight, gradient, { squares: squares!, steps: steps! }, settings),
  contract: contract.adadelta,
  judge: reference.adadelta as never,
  settings: [
    keras,
    { ...keras, learningRate: 1, rho: 0.5, epsilon: 0.01 },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'decoupled' },
    { ...keras, weightDecay: 0.1, weightDecayForm: 'coupled' },
  ],
  tolerance: 1e-5,
});

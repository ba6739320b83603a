/** Cases of dropout: rates from none to most, sizes around 64 values (sixteen random blocks) and the task grain. */
import { dropout } from '../../lib/index.js';
import { streams, Words } from '../../lib/random/index.js';
import * as contract from '../contract/dropout.js';
import type { OperationTable, Values } from './case.js';

export const golden = 'sha256:c57eefc0cd96b29b7ddd71ed28f82034792151cdecacd3d732a5ed546e76412e';

interface Settings {
  rate: number;
  seed: number;
  stream: number;
  step: number;
}

const shapes = [[1], [63], [65], [3, 5, 7, 11], [16_411]];

/** The mask from TypeScript's own random words, and the scale in float64. */
function judge(x: Values, { rate, ...sequence }: Settings): Values {
  const words = new Words(sequence);
  const kept = x.data.map((value) => (words.uniform() >= Math.fround(rate) ? value / (1 - rate) : 0));
  return { shape: x.shape, data: kept };
}

const byContract = (data: Float32Array, { rate, seed, stream, step }: Settings) =>
  contract.dropout(data, rate, { seed: BigInt(seed), stream, step });

const one = (shape: number[], rate: number) => ({
  name: `[${shape}] rate ${rate}`,
  inputs: [{ name: 'x', shape }],
  // A seed of more than 32 bits, whose first value is kept at every rate.
  settings: { rate, seed: 2 ** 40 + 37, stream: streams.dropout + 512, step: 3 },
});

export const table: OperationTable<Settings> = {
  op: 'dropout',
  run: ([x], settings) => dropout(x!, settings),
  judge: ([x], settings) => judge(x!, settings),
  judgeGradients: ([x], dy, settings) => [judge({ shape: x!.shape, data: dy.data }, settings)],
  contract: {
    forward: ([x], settings) => ({ shape: x!.shape, data: byContract(x!.data, settings) }),
    gradients: ([x], _y, dy, settings) => [{ shape: x!.shape, data: byContract(dy.data, settings) }],
  },
  differentiable: [true],
  tolerance: 1e-6,
  cases: [
    ...[0, 0.25, 0.5, 0.9].flatMap((rate) => shapes.map((shape) => one(shape, rate))),
    { ...one([32, 12_544], 0.5), bench: true },
  ],
};

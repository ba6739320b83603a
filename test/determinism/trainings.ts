// A small training of the whole network: two epochs of three steps, the last batch shorter, with augmentation,
// dropout, pooling, RMSprop and validation, in a few hundred milliseconds.

import {
  type EpochResult,
  type TrainHooks,
  type TrainOptions,
  type TrainResult,
  train as trainWhole,
} from '../../lib/index.js';

export const kSteps = 6;

export const small: TrainOptions = {
  model: 'keras_convnet',
  data: 'synthetic',
  samples: 12,
  imageSize: 78,
  epochs: 2,
  batchSize: 5,
  seed: 1001,
  device: 'cpu',
  isa: 'auto',
  mode: 'deterministic',
  threads: 2,
  damaged: 'refuse',
};

/**
 * Changes that make a training part from its like: atomic mode, with kernels of several milliseconds. On a crowded
 * machine a thread is woken only at the scheduler's next tick, and shorter kernels are over by then.
 */
export const kRacing = {
  mode: 'atomic',
  threads: 3,
  imageSize: 120,
  samples: 32,
  batchSize: 16,
  epochs: 1,
} satisfies Partial<TrainOptions>;

/** What must be equal for two trainings to be the same: every hash and every number that is not a time. */
export interface Bits {
  weightsHash: string;
  predictionsHash: string | null;
  dataHash: string;
  epochs: Omit<EpochResult, 'seconds'>[];
}

export const bitsOf = ({ weightsHash, predictionsHash, dataHash, epochs }: TrainResult): Bits => ({
  weightsHash,
  predictionsHash,
  dataHash,
  epochs: epochs.map(({ seconds: _, ...epoch }) => epoch),
});

/** The bits of the small training with some options changed. */
export async function train(changes: Partial<TrainOptions> = {}, hooks: TrainHooks = {}): Promise<Bits> {
  return bitsOf(await trainWhole({ ...small, ...changes }, hooks));
}

/** What comes of a batch that is computed later. */
import { Tensor } from '../tensor/index.js';
import type { Batch, PendingBatch } from './model.js';

/** What comes of a batch once it is computed: one wait for all of it. */
export function pendingBatch(
  made: { loss: Tensor; prediction: Tensor; losses: readonly Tensor[] },
  { x, y, weights }: Batch,
): PendingBatch {
  // What a network hands through is not its own.
  const own = Object.values(made)
    .flat()
    .filter((tensor) => tensor !== x && tensor !== y);
  return {
    read() {
      try {
        const all = Tensor.readAll([made.prediction, y, made.loss, ...made.losses]) as Float32Array[];
        const [prediction, target, loss, ...losses] = all;
        return {
          ...{ prediction: prediction!, target: target!, weights, loss: loss![0]! },
          losses: losses.map(([value]) => value!),
        };
      } finally {
        for (const tensor of own) tensor.dispose();
      }
    },
  };
}

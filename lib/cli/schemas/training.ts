/** The results of `train` and `attribute`. */
import type { Attribution } from '../../attribution/index.js';
import type { EpochResult, TrainResult } from '../../runs/index.js';
import { modes } from '../../runtime/index.js';
import { fieldsOf, settingNames, settingsFor } from '../../settings/index.js';
import { machine, type Schema, words, type Zod } from './words.js';

const epoch = (z: Zod): Schema<EpochResult> => {
  const { count, number, maybe, hash } = words(z);
  return z
    .object({ epoch: count, loss: maybe, valLoss: maybe, seconds: number, weightsHash: hash })
    .catchall(z.union([z.number(), z.string(), z.null()]));
};

/** What `train` prints. */
export const train = (z: Zod): Schema<TrainResult> => {
  const { text, count, number, hash } = words(z);
  return z.object({
    ...{ target: text, contract: count, model: text, settings: z.object(fieldsOf(z, settingNames)) },
    ...{ classNames: z.array(text), threads: count, seed: count, parameters: count },
    ...{ dataHash: hash, weightsHash: hash, predictionsHash: hash.nullable() },
    ...{ stepSeconds: z.array(number), stepSecondsMedian: number, peakMemoryMiB: number },
    stopped: z.literal(true).exactOptional(),
    epochs: z.array(epoch(z)),
  });
};

/** The growth of a distance over steps or epochs. */
export const growthFields = (z: Zod) => {
  const { count, maybe } = words(z);
  const place = count.nullable();
  return {
    ...{ rate: maybe, standardError: maybe, factor: maybe, rSquared: maybe },
    without: z.enum(['too few', 'no line']).nullable(),
    ...{ from: place, to: place, firstApart: place, used: count, zeros: count, nonFinite: count },
  };
};

const attributed = (z: Zod): Schema<Attribution['sources'][number]> => {
  const { text, count, number, maybe, flag, hash } = words(z);
  const place = z.object({ step: count, l2: maybe, maxUlp: maybe, meanUlp: maybe, differing: maybe });
  const run = z.object({
    ...{ seed: count.nullable(), weightsHash: hash, places: z.array(place), growth: z.object(growthFields(z)) },
    ...{ differingBits: number, cosineSimilarity: maybe, differingPredictions: count },
  });
  return z.object({
    ...{ rank: count, kind: z.enum(['kernel', 'mode', 'flip']), name: text },
    options: z.object({ ...fieldsOf(z, ['atomic', 'arrivalSeed', 'flip']), mode: z.enum(modes) }),
    ...{ runs: z.array(run), distinctWeights: count, repeats: flag.nullable() },
    median: z.object({ l2: number, meanUlp: number, differing: number, differingPredictions: number, growth: maybe }),
  });
};

/** What `attribute` prints. */
export const attribute = (z: Zod): Schema<Attribution> => {
  const { text, count, maybe, hash } = words(z);
  const definition = z.object({
    ...fieldsOf(z, settingsFor('attribute')),
    ...{ steps: count, runs: count, arrival: z.enum(['seeded', 'real']), arrivalSeed: count, check: z.boolean() },
    kernels: z.array(text).exactOptional(),
  });
  return z.object({
    ...{ experiment: z.literal('attribute'), contract: count, definition, machine: machine(z) },
    ...{ target: text, threads: count, dataHash: hash, weights: count, kernels: z.array(text) },
    predicted: z.object({ samples: count, of: z.enum(['validation', 'train']) }),
    baseline: z.object({ weightsHash: hash, losses: z.array(maybe) }),
    sources: z.array(attributed(z)),
  });
};

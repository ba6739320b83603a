/** The results of `evaluate` and `count`. */
import type { CountMeasures, Counts, Tally } from '../../counting/index.js';
import type { EvaluatedRuns } from '../../runs/index.js';
import { runFields, type Schema, words, type Zod } from './words.js';

const splits = ['train', 'validation', 'test'] as const;

/** What `evaluate` prints. */
export const evaluate = (z: Zod): Schema<EvaluatedRuns> => {
  const { text, count, maybe, hash } = words(z);
  const run = z.object({
    ...{ ...runFields(z), measures: z.record(text, maybe), errors: count.nullable() },
    confusion: z.array(z.array(count)).nullable(),
  });
  return z.object({
    ...{ split: z.enum(splits), samples: count, classNames: z.array(text), dataHash: hash },
    runs: z.array(run),
  });
};

const tally = (z: Zod) => {
  const { count, maybe } = words(z);
  return {
    ...{ truth: count, predicted: count, matched: count },
    ...{ truthPixels: count, predictedPixels: count, bothPixels: count },
    ...{ errorRate: maybe, dice: maybe, precision: maybe, recall: maybe, f1: maybe },
  } satisfies Record<keyof (Tally & CountMeasures), unknown>;
};

/** What `count` prints. */
export const count = (z: Zod): Schema<Counts> => {
  const { text, count, number, hash } = words(z);
  const picture = z.object({ name: text, ...tally(z) });
  const run = z.object({ ...runFields(z), pictures: z.array(picture), total: z.object(tally(z)) });
  return z.object({
    ...{ split: z.enum(splits), class: text, threshold: number, minArea: count },
    ...{ connectivity: z.union([z.literal(4), z.literal(8)]), exclude: z.array(text), iou: number, dataHash: hash },
    runs: z.array(run),
  });
};

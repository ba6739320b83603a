/** The results of `gradcam`, of one picture and of pairs, and of `classify`. */
import type {
  Classification,
  Explanations,
  OcclusionResult,
  PairsResult,
  RunExplanation,
} from '../../explain/index.js';
import { runFields, type Schema, words, type Zod } from './words.js';

const stabilityFields = (z: Zod) => {
  const { maybe, flag } = words(z);
  return { sameBits: flag, pearson: maybe, ssim: maybe, hottestOverlap: maybe, centreShift: maybe };
};

const two = (z: Zod) => {
  const number = z.int().min(1);
  return z.tuple([number, number]);
};

const occlusion = (z: Zod): Schema<OcclusionResult> => {
  const { text, count, maybe, flag, hash } = words(z);
  const change = z.object({ class: text, rankBefore: count, rankAfter: count, before: maybe, after: maybe });
  const stability = z.object(stabilityFields(z));
  return z.object({ changes: z.array(change), hasHeat: flag, flat: flag, heatHash: hash, stability });
};

const explaining = (z: Zod) => ({ ...runFields(z), layer: z.string(), score: z.enum(['probability', 'logit']) });

const run = (z: Zod): Schema<RunExplanation> => {
  const { text, count, number, maybe, flag, hash } = words(z);
  return z.object({
    ...{ ...explaining(z), maps: z.tuple([count, count]) },
    predictions: z.array(z.object({ class: text, probability: maybe })),
    ...{ hasHeat: flag, flat: flag, heatHash: hash },
    halves: z.object({ left: number, right: number, onOwnHalf: flag.nullable() }).nullable(),
    occlusion: occlusion(z).nullable(),
  });
};

/** What `gradcam` prints of one picture. */
export const gradcam = (z: Zod): Schema<Explanations> => {
  const { text, count } = words(z);
  return z.object({
    ...{ image: z.object({ path: text, height: count, width: count }), class: text, runs: z.array(run(z)) },
    pairs: z.array(z.object({ runs: two(z), ...stabilityFields(z) })),
  });
};

/** What `gradcam --pairs` prints. */
export const gradcamPairs = (z: Zod): Schema<PairsResult> => {
  const { text, count, number, maybe, flag, hash } = words(z);
  const { sameBits: _, ...measures } = stabilityFields(z);
  const finding = z.object({
    ...{ run: count, class: text, side: z.enum(['left', 'right']), probability: maybe, ownShare: maybe },
    ...{ onOwnHalf: flag.nullable(), heatHash: hash },
  });
  const picture = z.object({ row: count, file: text, left: text, right: text, findings: z.array(finding) });
  const summary = z.object({
    ...{ run: count, class: text, explanations: count, right: count, wrong: count, undecided: count },
    ...{ shareRight: number, meanOwnShare: maybe },
  });
  return z.object({
    ...{ list: text, classes: z.array(text), runs: z.array(z.object(explaining(z))) },
    ...{ pictures: z.array(picture), summary: z.array(summary) },
    agreement: z.array(
      z.object({ runs: two(z), explanations: count, sameBits: count, sameVerdict: count, ...measures }),
    ),
  });
};

/** What `classify` prints. */
export const classify = (z: Zod): Schema<Classification> => {
  const { text, count, maybe, flag, hash } = words(z);
  const heat = z.object({
    ...{ rank: count, class: text, layer: text, maps: z.tuple([count, count]), hasHeat: flag, hashes: z.array(hash) },
  });
  const ranked = z.object({ rank: count, label: count, class: text, probabilities: z.array(maybe) });
  const difference = z.object({ target: text, classes: count, bits: count, largest: maybe });
  return z.object({
    ...{ model: text, network: text, weightsHash: hash, classes: count },
    targets: z.array(z.object({ target: text, threads: count })),
    pictures: z.array(
      z.object({
        ...{ path: text, height: count, width: count },
        ...{ ranking: z.array(ranked), differences: z.array(difference), heats: z.array(heat) },
      }),
    ),
  });
};

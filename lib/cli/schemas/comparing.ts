/** The result of `compare`. */
import type {
  Definition,
  LayerDistance,
  MeasureStatistics,
  Price,
  Result,
  StepsDivergence,
  TargetDivergence,
  TargetResult,
} from '../../experiments/index.js';
import { modes } from '../../runtime/index.js';
import { fieldsOf, settingsFor } from '../../settings/index.js';
import { gradcam } from './explaining.js';
import { growthFields, train } from './training.js';
import { machine, type Schema, words, type Zod } from './words.js';

const growth = (z: Zod) => ({ ...growthFields(z), interval: z.tuple([z.number(), z.number()]).nullable() });

const distance = (z: Zod) => {
  const { count, number, maybe } = words(z);
  return {
    ...{ maxUlp: count, meanUlp: number, differingBits: number, cosineSimilarity: maybe },
    ...{ l2: maybe, l2Least: maybe, l2Largest: maybe, meanAbsolute: maybe, maxAbsolute: maybe, meanRelative: maybe },
    signFlips: count,
  } satisfies Record<Exclude<keyof LayerDistance, 'layer'>, unknown>;
};

const steps = (z: Zod): Schema<StepsDivergence> => {
  const { text, count, number, maybe } = words(z);
  const far = {
    ...{ l2: maybe, l2Least: maybe, l2Largest: maybe, maxUlp: count, meanUlp: number, cosineSimilarity: maybe },
    differing: number,
  };
  const step = z.object({
    ...{ step: count, epoch: count, layers: z.array(z.object({ ...far, layer: text })), all: z.object(far) },
    pairs: z.array(z.object({ runs: z.tuple([count, count]), ...far })),
  });
  return z.object({
    ...{ perStep: z.array(step), growth: z.object(growth(z)) },
    layers: z.array(z.object({ ...growth(z), layer: text })),
    steepest: z.object({ from: count, to: count, rate: number }).nullable(),
    ...{ firstApart: count.nullable(), lastSame: count.nullable() },
  });
};

const divergence = (z: Zod): Schema<TargetDivergence> => {
  const { text, count, number, maybe } = words(z);
  const layers = z.array(z.object({ layer: text, ...distance(z) }));
  const all = z.object(distance(z));
  const similarity = { matrix: z.array(z.array(maybe)), minimum: maybe, mean: maybe, maximum: maybe };
  const spread = z.object({
    ...{ layer: text, components: count, differing: count, signFlips: count },
    ...{ meanSd: maybe, meanSdPopulation: maybe, maxSd: maybe },
  });
  const epoch = z.object({ epoch: count, distinctWeights: count, layers, all, l2Pairs: z.array(maybe) });
  const predictions = z.object({
    ...{ samples: count, differing: count, firstDiffering: count.nullable(), matrix: z.array(z.array(number)) },
    ...{ minimum: number, mean: number, maximum: number },
  });
  return z.object({
    ...{ pairs: count, layers, all, bitPositions: z.array(number), firstEpoch: count.nullable() },
    ...{ perEpoch: z.array(epoch), ulpHistogram: z.array(count) },
    bitFields: z.object({ sign: count, exponent: count, mantissa: count }),
    similarity: z.object({ all: z.object(similarity), lastLayer: z.object({ ...similarity, layer: text }) }),
    ...{ spread: z.array(spread), growth: z.object(growth(z)), steps: steps(z).nullable() },
    predictions: predictions.nullable(),
  });
};

const target = (z: Zod): Schema<TargetResult> => {
  const { text, count } = words(z);
  return z.object({
    ...{ mode: z.enum([...modes, 'mixed']), runs: z.array(train(z)), names: z.array(text).exactOptional() },
    ...{ distinctWeights: count, distinctPredictions: count.nullable(), divergence: divergence(z) },
  });
};

const statistics = (z: Zod): Schema<MeasureStatistics> => {
  const { text, count, number, maybe } = words(z);
  const degenerate = z.enum(['all equal', 'no spread', 'no value', 'one observation', 'too few runs']).nullable();
  const test = { statistic: maybe, p: maybe, pHolm: maybe, degenerate };
  const effect = z.object({ value: maybe, degenerate });
  const summary = z.object({
    ...{ count, mean: number, sd: number, sdPopulation: number, min: number, quartile1: number },
    ...{ median: number, quartile3: number, max: number },
  });
  const interval = z.object({ estimate: number, low: number, high: number, level: number }).nullable();
  const sample = z.object({ values: z.array(number), observations: count, summary, interval });
  return z.object({
    ...{ measure: text, deterministic: sample, atomic: sample },
    tTest: z.object({ ...test, value: maybe, degreesOfFreedom: number }),
    anova: z.object({ ...test, degreesOfFreedom: z.tuple([number, number]) }),
    kruskalWallis: z.object({ ...test, degreesOfFreedom: number }),
    ...{ cohensD: effect, hedgesG: effect, etaSquared: effect, epsilonSquared: effect },
  });
};

const price = (z: Zod): Schema<Price> => {
  const { text, number } = words(z);
  const interval = z.object({ low: number, high: number, level: number }).nullable();
  const stepTime = z.object({ estimate: number, least: number, largest: number, interval });
  return z.object({ deterministic: text, atomic: text, stepTime });
};

const definition = (z: Zod): Schema<Definition> => {
  const { text, count } = words(z);
  return z.object({
    ...fieldsOf(
      z,
      settingsFor('compare').filter((name) => name !== 'out'),
    ),
    ...{ modes: z.array(z.enum(modes)), runs: count, atomic: z.array(text).exactOptional() },
    ...{ arrivalSeed: count.exactOptional(), explain: count.exactOptional(), growthSteps: count.exactOptional() },
    threadCounts: z.array(count).exactOptional(),
  }) as unknown as Schema<Definition>;
};

/** What `compare` prints of one model. */
export const compare = (z: Zod): Schema<Result> => {
  const { text, count } = words(z);
  const picture = z.object({ name: text, picture: text, overlays: z.array(text), explanations: gradcam(z) });
  const explained = z.object({
    runs: z.array(z.object({ target: text, run: count })),
    pictures: z.array(picture),
  });
  return z.object({
    ...{ experiment: z.enum(['compare', 'runs']), contract: count, definition: definition(z), machine: machine(z) },
    versions: z.object({ samebits: text, contract: count, node: text }),
    ...{ startedAt: z.iso.datetime(), targets: z.record(text, target(z)), price: price(z).nullable() },
    ...{ statistics: z.array(statistics(z)).nullable(), explained: explained.nullable() },
    threadRuns: z.array(train(z)),
  });
};

/** What `compare` prints of several models. */
export const compareModels = (z: Zod): Schema<{ results: Result[] }> => z.object({ results: z.array(compare(z)) });

/** What compile adds to a network: where it computes, how it is judged and how it learns. */
import { ArgumentError, checkOptions, seedOption, show } from '../errors/index.js';
import type { NamedWeight } from '../layers/index.js';
import { type Loss, type LossOption, lossOption, type OutputForm } from '../losses/index.js';
import { checkMetricNames, type Metric, type MetricOption, metricOption } from '../metrics/index.js';
import { type Optimizer, type OptimizerOption, optimizerOption } from '../optimizers/index.js';
import { Runtime } from '../runtime/index.js';
import { full, keep, type Tensor } from '../tensor/index.js';
import { type Head, jointLoss, partMetrics, refuseLossWeights } from './heads.js';
import type { ByPart } from './several.js';

/** What `compile` takes. */
export interface CompileOptions {
  /** Where to compute. */
  runtime: Runtime;
  /** Default 'rmsprop'. */
  optimizer?: OptimizerOption;
  /** Of several outputs one for all, or one each: a list, or by the names of the layers that make them. */
  loss: LossOption | ByPart<LossOption>;
  /** What the loss of each of several outputs counts: a list, or by name. Default 1 each. */
  lossWeights?: ByPart<number>;
  /** Default none. Of several outputs a metric or a list for each, as a list or by name. */
  metrics?: readonly MetricOption[] | ByPart<MetricOption | readonly MetricOption[]>;
  /** Those in which samples count by their weights (`sampleWeight`, `classWeight`), as in Keras. Default none. */
  weightedMetrics?: CompileOptions['metrics'];
  /** Seed of first weights, dropout, augmentation and shuffles. Default 0. */
  seed?: number;
}

/** How a model learns and is judged: what `compile` takes beside a runtime and a seed. */
export type Learning = Pick<CompileOptions, 'loss' | 'lossWeights' | 'weightedMetrics'> &
  Required<Pick<CompileOptions, 'optimizer' | 'metrics'>>;

/** How a model with one output does. */
interface PlainLearning {
  optimizer: OptimizerOption;
  loss: LossOption;
  metrics: readonly MetricOption[];
  weightedMetrics?: readonly MetricOption[];
}

/** What an optimizer remembers of one weight, by slot. */
export type Slots = Record<string, Tensor>;

/** A checked compile. */
export interface Compiled {
  readonly runtime: Runtime;
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  /** How the loss starts from the logits, where the outputs are those of its own activation. */
  readonly behind: Loss['behind'];
  /** The same for each of several outputs; undefined for one. */
  readonly behinds: readonly Loss['behind'][] | undefined;
  readonly metrics: readonly Metric[];
  /** Those that are told the weights of samples. */
  readonly weightedMetrics: readonly Metric[];
  readonly seed: number;
}

/** The options, checked, for a network with such outputs. Throws ArgumentError for an unknown or bad one. */
export function checkCompile(options: CompileOptions, heads: readonly Head[]): Compiled {
  const who = 'compile';
  checkOptions(who, options, ['runtime', 'optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics', 'seed']);
  const { optimizer = 'rmsprop', loss, metrics = [], weightedMetrics = [] } = options;
  const place = checkPlace(who, {
    runtime: options.runtime,
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  return { ...place, ...checkedLearning(who, { ...options, optimizer, loss, metrics, weightedMetrics }, heads) };
}

/** How a network with such outputs learns. Throws ArgumentError, in the words of `who`, for what does not fit them. */
export function checkedLearning(
  who: string,
  learning: Learning,
  heads: readonly Head[],
): Omit<Compiled, 'runtime' | 'seed'> {
  const [{ part, activation }, ...others] = heads as [Head, ...Head[]];
  if (others.length > 0) return severalLearn(who, learning, heads);
  const { metrics, weightedMetrics = [] } = learning;
  refuseLossWeights(who, learning.lossWeights);
  for (const [name, list] of Object.entries({ metrics, weightedMetrics })) {
    if (!Array.isArray(list)) throw new ArgumentError({ who, expected: `${name} to be a list`, got: show(list) });
  }
  return oneLearns(who, { ...learning, weightedMetrics } as PlainLearning, { shape: part.shape, activation });
}

/** How a network with several outputs learns. */
function severalLearn(who: string, options: Learning, heads: readonly Head[]): Omit<Compiled, 'runtime' | 'seed'> {
  const { optimizer, metrics, weightedMetrics = [] } = options;
  const loss = jointLoss(who, options.loss, options.lossWeights, heads);
  const plain = partMetrics(who, 'metrics', metrics, heads, loss.losses);
  const weighted = partMetrics(who, 'weightedMetrics', weightedMetrics, heads, loss.losses);
  checkMetricNames(who, [...loss.means, ...plain, ...weighted]);
  return {
    ...{ optimizer: optimizerOption(who, optimizer), loss, metrics: plain, weightedMetrics: weighted },
    ...{ behind: undefined, behinds: loss.behinds },
  };
}

/** Where a model computes, and its seed. Throws ArgumentError for an unknown or bad option. */
export function checkPlace(
  who: string,
  options: { runtime: Runtime; seed?: number },
): { runtime: Runtime; seed: number } {
  checkOptions(who, options, ['runtime', 'seed']);
  const { runtime, seed = 0 } = options;
  if (!(runtime instanceof Runtime)) {
    const hint = "make one with createRuntime({ mode: 'deterministic' })";
    throw new ArgumentError({ who, expected: 'runtime to be a Runtime', got: show(runtime), hint });
  }
  return { runtime, seed: seedOption(who, 'seed', seed) };
}

/** How a network with this output learns. */
function oneLearns(
  who: string,
  { optimizer, loss, metrics, weightedMetrics = [] }: PlainLearning,
  output: OutputForm,
): Omit<Compiled, 'runtime' | 'seed'> {
  const judge = lossOption(who, loss);
  judge.checkOutput?.(who, output);
  const { behind } = judge;
  const counted = (list: readonly MetricOption[]) =>
    list.map((one) => {
      const metric = metricOption(who, one, output.shape.at(-1) ?? 1);
      metric.checkOutput?.(who, output);
      return metric;
    });
  const [plain, weighted] = [counted(metrics), counted(weightedMetrics)];
  checkMetricNames(who, [...plain, ...weighted]);
  return {
    optimizer: optimizerOption(who, optimizer),
    loss: judge,
    behind: behind?.activation === output.activation ? behind : undefined,
    behinds: undefined,
    metrics: plain,
    weightedMetrics: weighted,
  };
}

/** First slots of every weight that learns, by the weight's name. */
export function makeSlots({ optimizer, runtime }: Compiled, weights: readonly NamedWeight[]): Map<string, Slots> {
  const first = (slot: string, { shape }: NamedWeight['weight']) =>
    [slot, keep(full(runtime, shape, optimizer.initial?.[slot] ?? 0))] as const;
  return new Map(
    weights.map(({ name, weight }) => [name, Object.fromEntries(optimizer.slots.map((slot) => first(slot, weight)))]),
  );
}

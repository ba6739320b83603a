/** How several outputs learn: the loss of each times its weight, added up in their order, as one loss of a row of all outputs. */
import { type Described, isClassConfig, type Json } from '../classes/index.js';
import { ArgumentError, numberOption } from '../errors/index.js';
import type { ActivationName } from '../layers/index.js';
import { type Loss, type LossOption, lossConfig, lossOption } from '../losses/index.js';
import { type Metric, type MetricOption, metricConfig, metricOption } from '../metrics/index.js';
import { add, multiply } from '../ops/index.js';
import { full, type Tensor } from '../tensor/index.js';
import type { Graph } from './graph.js';
import { outputLossesSpec, outputMetricSpec } from './head_configs.js';
import { type ByPart, eachPart, endsOf, onePart, type Part, partOf, partsOf, rowShape } from './several.js';

/** One of several outputs. */
export interface Head {
  part: Part;
  activation: ActivationName;
}

/** The outputs of a network. */
export const headsOf = ({ graph: { heads, outputs } }: { graph: Graph }): Head[] =>
  partsOf(endsOf(outputs)).map((part, i) => ({ part, activation: heads[i]!.layer.lastActivation }));

/** A loss of all outputs, and of which of them it wants what goes into their activation. */
export interface JointLoss extends Omit<Loss, keyof Described>, Described {
  readonly behinds: readonly Loss['behind'][];
  /** The loss of each, what it counts, and where its targets lie in a row. */
  readonly losses: readonly Loss[];
  readonly weights: readonly number[];
  readonly targets: readonly Part[];
  /** What computes the loss of each, unweighted, from rows of all outputs and targets. */
  readonly each: readonly Loss['compute'][];
  /** The loss out of those of each. */
  total(each: readonly Tensor[]): Tensor;
  /** The means of each over an epoch, as metrics by Keras's names: `kind_loss`. */
  readonly means: readonly Metric[];
}

interface Weighed {
  losses: readonly Loss[];
  weights: readonly number[];
  heads: readonly Head[];
}

/** Rows of targets, where a loss takes another shape than that of its output. */
const targetsOf = ({ losses, heads }: Weighed): Part[] =>
  partsOf(heads.map(({ part }, i) => ({ name: part.name, shape: losses[i]!.targetShape?.(part.shape) ?? part.shape })));

function joint(of: Weighed): JointLoss {
  const { losses, weights, heads } = of;
  const parts = heads.map(({ part }) => part);
  const targets = targetsOf(of);
  const behinds = losses.map(({ behind }, i) => (behind?.activation === heads[i]!.activation ? behind : undefined));
  const each = losses.map((loss, i): Loss['compute'] => (predictions, rows) => {
    return (behinds[i] ?? loss).compute(onePart(predictions, parts[i]!), onePart(rows, targets[i]!));
  });
  const total = (values: readonly Tensor[]) =>
    values
      .map((loss, i) => (weights[i] === 1 ? loss : multiply(full(loss.runtime, [], weights[i]!), loss)))
      .reduce((sum, loss) => add(sum, loss));
  const named = <T>(list: readonly T[]) => Object.fromEntries(parts.map(({ name }, i) => [name, list[i]!]));
  return {
    name: losses.map(({ name }) => name).join(' + '),
    ...{ spec: outputLossesSpec, className: outputLossesSpec.className },
    getConfig: () => ({
      losses: named(losses.map((loss) => lossConfig(loss) as unknown as Json)),
      weights: named(weights),
    }),
    ...{ behinds, losses, weights, targets, each, total, means: parts.map(meanLoss) },
    ...(losses.some(({ targetShape }) => targetShape !== undefined) && { targetShape: () => rowShape(targets) }),
    ofBatch: losses.some(({ ofBatch }) => ofBatch === true),
    compute: (predictions, rows) => total(each.map((compute) => compute(predictions, rows))),
    checkTargets(who, values) {
      const width = targets.reduce((sum, { size }) => sum + size, 0);
      losses.forEach((loss, i) => {
        loss.checkTargets?.(`${who} ${parts[i]!.name}`, partOf(values, targets[i]!, width), parts[i]!.shape);
      });
    },
  };
}

/** The mean of one output's loss over the samples: those of the batches, each times its size, in the order of the steps. */
const meanLoss = ({ name }: Part, i: number): Metric => ({
  name: `${name}_loss`,
  better: 'min',
  start: () => [0, 0],
  update: (state, { losses, samples }) => added(state as Mean, [losses![i]! * samples, samples]),
  merge: (first, second) => added(first as Mean, second as Mean),
  result: (state) => (state as Mean)[0] / (state as Mean)[1],
});
type Mean = readonly [sum: number, samples: number];
const added = ([a, n]: Mean, [b, m]: Mean): Mean => [a + b, n + m];

/** The losses of outputs as one, by what compile was given. Throws ArgumentError for what does not fit them. */
export function jointLoss(
  who: string,
  given: LossOption | ByPart<LossOption>,
  lossWeights: ByPart<number> | undefined,
  heads: readonly Head[],
): JointLoss {
  const parts = heads.map(({ part }) => part);
  if (isJoint(given)) return joint({ losses: given.losses, weights: given.weights, heads });
  const isLoss = typeof (given as Partial<Loss>)?.compute === 'function';
  const isOne = typeof given === 'string' || isLoss || isClassConfig(given);
  const options = isOne ? parts.map(() => given as LossOption) : eachPart<LossOption>(who, 'loss', given, parts);
  const losses = options.map((option, i) => {
    const loss = lossOption(who, option);
    const { part, activation } = heads[i]!;
    loss.checkOutput?.(`${who} ${part.name}`, { shape: part.shape, activation });
    return loss;
  });
  const weights =
    lossWeights === undefined ? parts.map(() => 1) : eachPart<number>(who, 'lossWeights', lossWeights, parts, 1);
  for (const weight of weights) numberOption(who, 'lossWeights', weight, 'numbers >= 0', (one) => one >= 0);
  return joint({ losses, weights, heads });
}

/** A metric that judges one output of a row of all. */
export interface PartMetric extends Omit<Metric, keyof Described>, Described {
  /** The number of the output, and what judges it. */
  readonly output: number;
  readonly metric: Metric;
}

/** Whether a metric is that of one of several outputs. */
export const isPartMetric = (metric: Metric): metric is PartMetric => 'output' in metric && 'metric' in metric;

function ofPart(metric: Metric, { losses, heads, weights }: Weighed, which: number): PartMetric {
  const targets = targetsOf({ losses, heads, weights });
  const parts = heads.map(({ part }) => part);
  const [part, target] = [parts[which]!, targets[which]!];
  const sum = (all: readonly Part[]) => all.reduce((width, { size }) => width + size, 0);
  const [width, height] = [sum(parts), sum(targets)];
  const { start, merge, result, better } = metric;
  return {
    name: `${part.name}_${metric.name}`,
    ...{ output: which, metric, spec: outputMetricSpec, className: outputMetricSpec.className },
    getConfig: () => ({ output: part.name, metric: metricConfig(metric) as unknown as Json }),
    ...{ start: start.bind(metric), merge: merge.bind(metric), result: result.bind(metric), ...(better && { better }) },
    update: (state, batch) =>
      metric.update(state, {
        ...batch,
        prediction: partOf(batch.prediction, part, width),
        target: partOf(batch.target, target, height),
        width: part.shape.at(-1) ?? 1,
      }),
  };
}

/** The metrics of outputs, named `output_metric`: a list for each, or by name. Throws ArgumentError for what does not fit them. */
export function partMetrics(
  who: string,
  name: string,
  given: unknown,
  heads: readonly Head[],
  losses: readonly Loss[],
): Metric[] {
  if (Array.isArray(given) && given.length === 0) return [];
  const parts = heads.map(({ part }) => part);
  const weighed = { losses, heads, weights: parts.map(() => 1) };
  return eachPart<MetricOption | readonly MetricOption[]>(who, name, given, parts, []).flatMap((options, i) =>
    (Array.isArray(options) ? (options as MetricOption[]) : [options as MetricOption]).map((option) => {
      const { part, activation } = heads[i]!;
      const metric = metricOption(who, option, part.shape.at(-1) ?? 1);
      metric.checkOutput?.(`${who} ${part.name}`, { shape: part.shape, activation });
      return ofPart(metric, weighed, i);
    }),
  );
}

/** Whether a loss is that of several outputs. */
export const isJoint = (loss: unknown): loss is JointLoss =>
  typeof loss === 'object' && loss !== null && 'behinds' in loss;

/** Throws ArgumentError where there is one output and weights of several losses. */
export function refuseLossWeights(who: string, lossWeights: unknown): void {
  if (lossWeights === undefined) return;
  throw new ArgumentError({ who, expected: 'lossWeights beside several outputs', got: 'them beside one' });
}

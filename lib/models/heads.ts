/** How several outputs learn: the loss of each times its weight, added up in their order, as one loss of a row of all outputs. */
import { ArgumentError, numberOption } from '../errors/index.js';
import type { ActivationName } from '../layers/index.js';
import { type Loss, type LossOption, lossOption } from '../losses/index.js';
import { type Metric, type MetricOption, metricOption } from '../metrics/index.js';
import { add, multiply } from '../ops/index.js';
import { full } from '../tensor/index.js';
import { apart, type ByPart, eachPart, type Part, partOf, partsOf, rowShape } from './several.js';

/** One of several outputs. */
export interface Head {
  part: Part;
  activation: ActivationName;
}

/** A loss of all outputs, and of which of them it wants what goes into their activation. */
export interface JointLoss extends Loss {
  readonly behinds: readonly Loss['behind'][];
  /** The loss of each, and where its targets lie in a row. */
  readonly losses: readonly Loss[];
  readonly targets: readonly Part[];
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
  return {
    name: losses.map(({ name }) => name).join(' + '),
    ...{ behinds, losses, targets },
    ...(losses.some(({ targetShape }) => targetShape !== undefined) && { targetShape: () => rowShape(targets) }),
    ofBatch: losses.some(({ ofBatch }) => ofBatch === true),
    compute(predictions, rows) {
      const right = apart(rows, targets);
      const each = apart(predictions, parts).map((prediction, i) => {
        const loss = (behinds[i] ?? losses[i]!).compute(prediction, right[i]!);
        return weights[i] === 1 ? loss : multiply(full(loss.runtime, [], weights[i]!), loss);
      });
      return each.reduce((sum, loss) => add(sum, loss));
    },
    checkTargets(who, values) {
      const width = targets.reduce((sum, { size }) => sum + size, 0);
      losses.forEach((loss, i) => {
        loss.checkTargets?.(`${who} ${parts[i]!.name}`, partOf(values, targets[i]!, width), parts[i]!.shape);
      });
    },
  };
}

/** The losses of outputs as one, by what compile was given. Throws ArgumentError for what does not fit them. */
export function jointLoss(
  who: string,
  given: LossOption | ByPart<LossOption>,
  lossWeights: ByPart<number> | undefined,
  heads: readonly Head[],
): JointLoss {
  const parts = heads.map(({ part }) => part);
  const isOne = typeof given === 'string' || typeof (given as Partial<Loss>)?.compute === 'function';
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
function ofPart(metric: Metric, { losses, heads, weights }: Weighed, which: number): Metric {
  const targets = targetsOf({ losses, heads, weights });
  const parts = heads.map(({ part }) => part);
  const [part, target] = [parts[which]!, targets[which]!];
  const sum = (all: readonly Part[]) => all.reduce((width, { size }) => width + size, 0);
  const [width, height] = [sum(parts), sum(targets)];
  const { start, merge, result, better } = metric;
  return {
    name: `${part.name}_${metric.name}`,
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
export const isJoint = (loss: Loss | undefined): loss is JointLoss => loss !== undefined && 'behinds' in loss;

/** Throws ArgumentError where there is one output and weights of several losses. */
export function refuseLossWeights(who: string, lossWeights: unknown): void {
  if (lossWeights === undefined) return;
  throw new ArgumentError({ who, expected: 'lossWeights beside several outputs', got: 'them beside one' });
}

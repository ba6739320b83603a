/** How a network learns, between Keras's compile_config and `compile`. */
import { type ClassConfig, classConfig, isClassConfig, isTable, type Json, type Registry } from '../classes/index.js';
import { ArgumentError, DataError, numberOption, SamebitsError, show } from '../errors/index.js';
import { type Loss, lossOption } from '../losses/index.js';
import { type Metric, metricOption } from '../metrics/index.js';
import { isJoint, isPartMetric, type Learning, type Model, type Part } from '../models/index.js';
import { optimizerOption } from '../optimizers/index.js';

/** Short words of Keras whose long ones are not those of a class here. */
const short: Readonly<Record<string, string>> = {
  ...{ bce: 'binaryCrossentropy', kld: 'klDivergence', mae: 'meanAbsoluteError', mse: 'meanSquaredError' },
  ...{ acc: 'accuracy', huber_loss: 'huber', auc: 'auc' },
};

/** A word of Keras (`binary_crossentropy`, `BinaryCrossentropy`, `AUC`) as a word here. */
function wordHere(word: string): string {
  const lower = word.toLowerCase();
  if (Object.hasOwn(short, lower)) return short[lower]!;
  if (/^[A-Z]/.test(word)) return word.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase());
  return word.replace(/_+([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The one thing in lists that Keras writes for one output. */
function unlisted(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1) return unlisted(value[0]);
  if (isTable(value) && !isClassConfig(value) && Object.keys(value).length === 1)
    return unlisted(Object.values(value)[0]);
  return value;
}

/** A loss or metric as `compile` takes it: a word, or a config. */
function said(what: string, value: unknown): string | ClassConfig {
  if (isClassConfig(value) && value.class_name === 'function') return said(what, value.config as unknown);
  // In logs a metric is called as it was asked for.
  if (what === 'a metric' && (value === 'mae' || value === 'mse')) return value;
  if (typeof value === 'string') return wordHere(value);
  if (isClassConfig(value)) return value;
  throw new DataError({ who: 'loadModel', expected: `${what} as a name or a config`, got: show(value) });
}

/** Metrics, in whatever lists they stand. */
function list(what: string, value: unknown): (string | ClassConfig)[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => list(what, one));
  if (isTable(value) && !isClassConfig(value)) return Object.values(value).flatMap((one) => list(what, one));
  return [said(what, value)];
}

const who = 'loadModel';

/** What a value says of each output: one for all, a list in their order, or a table by their names. */
function ofEach(what: string, value: unknown, outputs: readonly Part[]): unknown[] {
  if (Array.isArray(value)) {
    if (value.length === outputs.length) return value;
    throw new DataError({ who, expected: `${what} of ${outputs.length} outputs`, got: `${value.length}` });
  }
  if (!isTable(value) || isClassConfig(value)) return outputs.map(() => value);
  const names = outputs.map(({ name }) => name);
  const other = Object.keys(value).find((name) => !names.includes(name));
  if (other !== undefined) {
    throw new DataError({ who, expected: `${what} of the outputs ${names.join(', ')}`, got: show(other) });
  }
  return names.map((name) => value[name]);
}

/** How several outputs learn. */
function eachLearns(config: Told, outputs: readonly Part[], custom: Registry): Omit<Learning, 'optimizer'> {
  const { loss, loss_weights: weights, metrics, weighted_metrics: weighted } = config;
  // An empty list is that of a model without metrics.
  const given = (value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : (value ?? undefined));
  const counted = (value: unknown): Metric[][] =>
    ofEach('metrics', given(value), outputs).map((of, i) =>
      list('a metric', of).map((one) => metricOption(who, one, outputs[i]!.shape.at(-1) ?? 1, custom)),
    );
  return {
    loss: ofEach('losses', loss, outputs).map((one): Loss => lossOption(who, said('a loss', one), custom)),
    lossWeights: ofEach('loss_weights', weights ?? 1, outputs).map((one) =>
      numberOption(who, 'loss_weights', one ?? 1),
    ),
    metrics: counted(metrics),
    weightedMetrics: counted(weighted),
  };
}

/** How the one output learns. */
function oneLearns(config: Told, [output]: readonly Part[], custom: Registry): Omit<Learning, 'optimizer'> {
  const { loss, metrics, weighted_metrics: weighted } = config;
  const read = (one: string | ClassConfig) => metricOption(who, one, output?.shape.at(-1) ?? 1, custom);
  return {
    loss: lossOption(who, said('a loss', unlisted(loss)), custom),
    metrics: list('a metric', metrics).map(read),
    weightedMetrics: list('a metric', weighted).map(read),
  };
}

type Told = Readonly<Record<string, unknown>>;

/** What a compile_config says; undefined for that of a model which was not compiled. */
export function learningFrom(
  config: unknown,
  { path, outputs, custom }: { path: string; outputs: readonly Part[]; custom: Registry },
): Learning | undefined {
  if (!isTable(config) || Object.keys(config).length === 0) return undefined;
  try {
    // A legacy file has it as optimizer_config.
    const optimizer = config['optimizer'] ?? config['optimizer_config'];
    return {
      optimizer: optimizerOption(who, said('an optimizer', optimizer), custom),
      ...(outputs.length > 1 ? eachLearns : oneLearns)(config, outputs, custom),
    };
  } catch (cause) {
    if (!(cause instanceof SamebitsError)) throw cause;
    const expected = `an optimizer, a loss and metrics that exist here in ${show(path)}`;
    const hint = 'compile: false reads the network without them';
    throw new ArgumentError({ who, expected, got: cause.message, hint }, { cause });
  }
}

/** How a compiled model learns, as Keras 3 writes it. */
export function compileConfig(model: Model): Readonly<Record<string, Json>> {
  const { optimizer, loss, metrics, weightedMetrics } = model.compiled;
  const told = (thing: object) => classConfig(thing, 'save') as unknown as Json;
  // Against numbers of classes Keras has another class.
  const toldMetric = (metric: Metric, { targetShape }: Pick<Loss, 'targetShape'>): Json => {
    const { class_name: name, ...config } = classConfig(metric, 'save');
    const isSparse = targetShape !== undefined && /^(TopK)?CategoricalAccuracy$/.test(name);
    return { ...config, class_name: isSparse ? `Sparse${name}` : name } as unknown as Json;
  };
  // Of several outputs each has a list, in their order: two of them may have one name.
  const listed = (all: readonly Metric[]): Json =>
    isJoint(loss)
      ? loss.losses.map((each, i) =>
          all.flatMap((one) => (isPartMetric(one) && one.output === i ? [toldMetric(one.metric, each)] : [])),
        )
      : all.map((one) => toldMetric(one, loss));
  return {
    optimizer: told(optimizer),
    loss: isJoint(loss) ? loss.losses.map(told) : told(loss),
    loss_weights: isJoint(loss) ? [...loss.weights] : null,
    metrics: metrics.length === 0 ? [] : listed(metrics),
    weighted_metrics: weightedMetrics.length === 0 ? null : listed(weightedMetrics),
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

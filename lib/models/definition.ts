/** A network that can be trained by name: how it is built for data, and what it learns by. */
import { type OwnClass, type Registry, registry } from '../classes/index.js';
import type { DataForm, TargetKind, Targets } from '../data/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import { type LossOption, lossOption } from '../losses/index.js';
import { type MetricOption, metricOption } from '../metrics/index.js';
import { type OptimizerOption, optimizerOption } from '../optimizers/index.js';
import { type ScheduleOption, scheduleFrom } from '../schedules/index.js';
import { type Shape, sameShape } from '../tensor/index.js';
import { type CompileOptions, checkedLearning, type Learning } from './compile.js';
import { isOutputLosses, isOutputMetric, outputLossesFrom, outputMetricsFrom } from './head_configs.js';
import { headsOf } from './heads.js';
import { Model } from './model.js';
import { checkOutputs } from './targets.js';

/** What a network is built for. */
export interface BuildOptions {
  /** Of one sample, for example `[28, 28, 1]`. */
  sampleShape: Shape;
  /** Number of classes; 0 where targets are values. */
  classes: number;
  /** What a target says: `class`, `several`, `value` or `mask`; see Targets. */
  targetKind: TargetKind;
  /** Of one target: `[]` for the number of a class, `[classes]` for several, `[height, width]` for a mask. */
  targetShape: Shape;
  /** What the user sets by `--model-option name=value`. */
  options: Readonly<Record<string, unknown>>;
}

/** A network of the user's own or of the table. */
export interface ModelDefinition {
  /** What results and messages call it. */
  name: string;
  /** Makes the network, not compiled. */
  build(options: BuildOptions): Model;
  /** How it learns; a function makes a fresh one for each training. Default 'rmsprop'. */
  optimizer?: OptimizerOption | (() => OptimizerOption) | undefined;
  /**
   * Default binaryCrossentropy for outputs of one value and for several classes, categoricalCrossentropy for one of them. Of several
   * outputs as `compile` takes it.
   */
  loss?: CompileOptions['loss'] | undefined;
  /** What the loss of each of several outputs counts. Default 1 each. */
  lossWeights?: CompileOptions['lossWeights'] | undefined;
  /** Learning rates by step; takes the place of the optimizer's own rate. */
  schedule?: ScheduleOption | undefined;
  /** Default accuracy where targets are classes, binaryAccuracy where they are several of them, none where they are values. */
  metrics?: CompileOptions['metrics'] | undefined;
  /** Metrics in which samples count by their weights. Default none. */
  weightedMetrics?: CompileOptions['metrics'] | undefined;
  /** Classes of the user's own that words and configs may name: `--loss focal:gamma=2`. Default none. */
  classes?: readonly OwnClass[] | undefined;
}

const members = [
  ...(['name', 'build', 'optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics'] as const),
  ...(['schedule', 'classes'] as const),
] satisfies (keyof ModelDefinition)[];

/**
 * A network that commands and `openTask` can train: its default export from a module is what `--model ./lenet.mjs` takes.
 * `build` gets the shapes of the data and returns a model that is not compiled. Throws ArgumentError for an unknown or
 * missing member.
 * Example:
 * `defineModel({ name: 'tiny', build: ({ sampleShape, classes }) => sequential([layers.input({ shape: sampleShape }), layers.flatten(), layers.dense({ units: classes, activation: 'softmax' })]) })`.
 */
export function defineModel(definition: ModelDefinition): ModelDefinition {
  return checkDefinition('defineModel', definition);
}

/** The definition, frozen. Throws ArgumentError, in the words of `who`, for what is none. */
export function checkDefinition(who: string, definition: ModelDefinition): ModelDefinition {
  checkOptions(who, definition, members);
  const { name, build } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new ArgumentError({ who, expected: 'name to be a word', got: show(name) });
  }
  if (typeof build !== 'function') {
    throw new ArgumentError({ who, expected: 'build to be a function that returns a model', got: show(build) });
  }
  if (definition.classes !== undefined) registry(definition.classes, `${who} classes`);
  return Object.freeze({ ...definition });
}

/**
 * The network of a definition for data of this form. Throws what `build` throws, ArgumentError where it returns no model
 * and ShapeError where the model does not take such samples or its outputs do not fit such targets.
 */
export function buildModel(
  who: string,
  definition: ModelDefinition,
  { sampleShape, targets }: DataForm,
  options: BuildOptions['options'] = {},
): Model {
  const { kind: targetKind, shape: targetShape, classes } = targets;
  const { name } = definition;
  const model = definition.build({ sampleShape, classes, targetKind, targetShape, options });
  if (!(model instanceof Model)) throw noModel(who, name, model);
  const { x, y } = model.sampleShapes;
  if (!sameShape(x, sampleShape)) {
    const expected = `model ${show(name)} to take the samples of the data, ${show([...sampleShape])}`;
    throw new ArgumentError({ who, expected, got: show([...x]) });
  }
  const { length } = model.graph.outputs;
  if (length === 1) checkOutputs(`${who} model ${show(name)}`, targets, y);
  else if (targetKind !== 'value') {
    const expected = `targets of the kind 'value' for the ${length} outputs of model ${show(name)}`;
    throw new ArgumentError({
      who,
      expected,
      got: show(targetKind),
      hint: 'a target is a row of those of all outputs',
    });
  }
  return model;
}

function noModel(who: string, name: string, got: unknown): ArgumentError {
  const expected = `build of model ${show(name)} to return a model`;
  const foreign = typeof got === 'object' && got !== null && 'compile' in got && 'fit' in got;
  const hint = got instanceof Promise ? 'build must not be async' : 'it was made by another copy of samebits';
  return new ArgumentError({
    who,
    expected,
    got: foreign ? 'one of another class of that name' : got instanceof Promise ? 'a promise' : show(got),
    ...((foreign || got instanceof Promise) && { hint }),
  });
}

/** The loss for targets of a kind; undefined for values, of which there is no usual one. */
function usualLoss({ kind }: Targets, width: number): LossOption | undefined {
  if (kind === 'value') return undefined;
  return kind === 'several' || width === 1 ? 'binaryCrossentropy' : 'categoricalCrossentropy';
}

/** The metrics for targets of a kind: of several classes each value is right or wrong by itself. */
function usualMetrics({ kind }: Targets): MetricOption[] {
  if (kind === 'value') return [];
  return [kind === 'several' ? 'binaryAccuracy' : 'accuracy'];
}

/** What a definition's model learns by. Throws ArgumentError where it has no loss and its targets have no usual one. */
export function learningOf(who: string, definition: ModelDefinition, model: Model, targets: Targets): Learning {
  const { optimizer = 'rmsprop', metrics = usualMetrics(targets) } = definition;
  const loss = definition.loss ?? usualLoss(targets, model.sampleShapes.y.at(-1) ?? 1);
  if (loss === undefined) {
    const hint = 'targets are values, and no loss is usual for them';
    throw new ArgumentError({ who, expected: `model ${show(definition.name)} to have a loss`, got: 'none', hint });
  }
  const made = typeof optimizer === 'function' ? optimizer() : optimizer;
  const custom = registry(definition.classes ?? []);
  const { weightedMetrics = [] } = definition;
  const how = scheduled(who, made, definition.schedule, custom);
  if (model.graph.outputs.length > 1) {
    const { lossWeights } = definition;
    const losses = isOutputLosses(loss)
      ? outputLossesFrom(who, loss, custom)
      : { loss, ...(lossWeights && { lossWeights }) };
    const read = (list: Learning['metrics']) =>
      Array.isArray(list) && list.length > 0 && list.every(isOutputMetric)
        ? outputMetricsFrom(who, list, custom)
        : list;
    return { optimizer: how, ...losses, metrics: read(metrics), weightedMetrics: read(weightedMetrics) };
  }
  const width = model.sampleShapes.y.at(-1) ?? 1;
  const each = (list: Learning['metrics']) =>
    Array.isArray(list) ? list.map((metric: MetricOption) => metricOption(who, metric, width, custom)) : list;
  return {
    optimizer: how,
    loss: lossOption(who, loss as LossOption, custom),
    ...(definition.lossWeights && { lossWeights: definition.lossWeights }),
    metrics: each(metrics),
    weightedMetrics: each(weightedMetrics),
  };
}

/** The optimizer with a schedule in place of its rate. Throws ArgumentError for one that has no rate or that says one. */
function scheduled(
  who: string,
  value: OptimizerOption,
  schedule: ScheduleOption | undefined,
  custom: Registry,
): OptimizerOption {
  if (schedule === undefined) return optimizerOption(who, value, custom);
  if (typeof value === 'string' && /[:,]\s*learningRate\s*=/.test(value)) {
    throw new ArgumentError({ who, expected: 'no learningRate in optimizer beside a schedule', got: show(value) });
  }
  const optimizer = optimizerOption(who, value, custom);
  if (optimizer.learningRate === undefined) {
    throw new ArgumentError({
      who,
      expected: 'an optimizer with a learningRate beside a schedule',
      got: show(optimizer.name),
    });
  }
  optimizer.learningRate = scheduleFrom(schedule, { who, custom });
  return optimizer;
}

/** Throws ArgumentError, in the words of `who`, where a model's outputs do not fit what it is to learn by. */
export function checkLearning(who: string, learning: Learning, model: Model): void {
  checkedLearning(who, learning, headsOf(model));
}

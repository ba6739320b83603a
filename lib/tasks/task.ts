/** A task: a model, data, and how it learns, opened the same way for everybody who trains. */
import { augmentSplit, checkAugment, type DataForm, type Dataset, pictureReaderOf } from '../data/index.js';
import { checkOptions, givenOptions, seedOption } from '../errors/index.js';
import type { LossOption } from '../losses/index.js';
import type { MetricOption } from '../metrics/index.js';
import {
  checkLearning,
  freezeLayers,
  type Learning,
  learningOf,
  type Model,
  type ModelDefinition,
} from '../models/index.js';
import type { OptimizerOption } from '../optimizers/index.js';
import type { Runtime } from '../runtime/index.js';
import type { ScheduleOption } from '../schedules/index.js';
import {
  arePictures,
  type DataSettings,
  type DataSource,
  dataSettingNames,
  defaultImageSize,
  openData,
  type ReadHooks,
} from './open_data.js';
import { type ModelSource, type OpenedModel, openModel } from './open_model.js';

/** What decides a task. */
export interface TaskSettings extends DataSettings {
  /** A name of the table, a module whose default export is a definition, or a definition. */
  model: string | ModelDefinition;
  /** What `build` of the model's definition gets as `options`. Default none. */
  modelOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Patterns of names of layers that do not learn; see `freezeLayers`. Default none. */
  freeze?: readonly string[] | undefined;
  /** Takes the place of the definition's own. */
  optimizer?: OptimizerOption | undefined;
  /** Takes the place of the definition's own. */
  loss?: LossOption | undefined;
  /** Learning rates by step; takes the place of the definition's own, and of the optimizer's rate. */
  schedule?: ScheduleOption | undefined;
  /** Take the place of the definition's own. */
  metrics?: readonly MetricOption[] | undefined;
  /** Steps of augmentation of the training samples, in words (docs/data.md). Default none. */
  augment?: readonly string[] | undefined;
  /** Seed of first weights, dropout, augmentation and shuffles. Default 0. */
  seed?: number | undefined;
}

/** Who is told while a task is opened, and how that is stopped. */
export interface TaskHooks extends ReadHooks {
  /** Begins messages. Default `openTask`. */
  who?: string | undefined;
}

/** The settings of a task among those of a longer work. */
export const taskSettingsOf = (settings: TaskSettings): TaskSettings => givenOptions(settings, taskSettingNames);

/** How a model learns: what takes the place of the definition's own. */
const learningNames = ['optimizer', 'loss', 'metrics', 'schedule'] as const;

/** The settings of a task, by name. */
export const taskSettingNames = [
  ...(['model', 'modelOptions', 'freeze', ...learningNames, 'augment', 'seed'] as const),
  ...dataSettingNames,
] satisfies (keyof TaskSettings)[];

/** An open task; `dispose` it to let go of model and data. */
export interface Task extends Disposable {
  readonly dataset: Dataset;
  /** Not compiled until `compile`. */
  readonly model: Model;
  /** Where the model comes from. */
  readonly source: ModelSource;
  /** Where the data come from. */
  readonly dataSource: DataSource;
  /** Compiles the model for a runtime, with what it learns by and the seed of the settings, and returns it. */
  compile(runtime: Runtime): Model;
  dispose(): void;
}

/**
 * Opens a model and its data. Before any sample is prepared it throws what does not fit: ArgumentError for a model, a module or
 * a setting that cannot be used, ShapeError where samples or targets are not the model's; then DataError for the data.
 * Example: `(await openTask({ model: './lenet.mjs', data: './digits.mjs' })).compile(runtime)`.
 */
export async function openTask(settings: TaskSettings, hooks: TaskHooks = {}): Promise<Task> {
  const { who = 'openTask' } = hooks;
  checkOptions(who, settings, taskSettingNames);
  checkOptions(`${who} hooks`, hooks, ['who', 'onPhase', 'onPictures', 'onNote', 'onData', 'signal']);
  const seed = seedOption(who, 'seed', settings.seed ?? 0);
  const opened = await openModel(who, settings.model);
  let model: Model | undefined;
  const { augment = [] } = settings;
  checkAugment(who, augment);
  const onForm = (form: DataForm) => {
    if (augment.length > 0) checkAugment(who, augment, form);
    model = opened.build(form, settings.modelOptions);
    if (settings.freeze !== undefined) freezeLayers(model, settings.freeze);
    checkLearning(who, learn(who, opened, model, form, settings), model);
  };
  const { dataset: plain, source: dataSource } = await openData(settings, { ...hooks, onForm });
  const train = augment.length > 0 ? augmentSplit(plain.train, { steps: augment, seed }) : plain.train;
  const dataset: Dataset = { ...plain, train };
  return taskOf(opened, model!, dataset, dataSource, () => ({
    ...learn(who, opened, model!, dataset.train, settings),
    seed,
  }));
}

/**
 * Refuses what can be refused before data are opened and a folder is made: a model that is not there, a module that does
 * not load, and pictures that a network of the table cannot take. Resolves with where the model comes from; rejects with
 * ArgumentError.
 */
export async function checkModel(who: string, settings: TaskSettings): Promise<ModelSource> {
  checkAugment(who, settings.augment ?? []);
  const { source, build } = await openModel(who, settings.model);
  if (source.kind !== 'table' || !arePictures(settings)) return source;
  const { imageSize = defaultImageSize, modelOptions, data, dataOptions } = settings;
  // What masks ask of a network is known with their classes only.
  if (pictureReaderOf(data as string)?.reader.targets === 'mask') return source;
  const channels = dataOptions?.['channels'] === 1 ? 1 : 3;
  // How many classes there are is not known yet; no network of the table is refused for that.
  const targets = { kind: 'class', shape: [], classes: 2 } as const;
  const model = build({ sampleShape: [imageSize, imageSize, channels], targets }, modelOptions);
  if (settings.freeze !== undefined) freezeLayers(model, settings.freeze);
  return source;
}

function learn(who: string, opened: OpenedModel, model: Model, form: DataForm, settings: TaskSettings): Learning {
  const given = givenOptions(settings, learningNames);
  return learningOf(who, { ...opened.definition, ...given }, model, form.targets);
}

function taskOf(
  { source }: OpenedModel,
  model: Model,
  dataset: Dataset,
  dataSource: DataSource,
  learning: () => Learning & { seed: number },
): Task {
  const dispose = () => {
    model.dispose();
    dataset.dispose();
  };
  const compile = (runtime: Runtime) => model.compile({ runtime, ...learning() });
  return { dataset, model, source, dataSource, compile, dispose, [Symbol.dispose]: dispose };
}

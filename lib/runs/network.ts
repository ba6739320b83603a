/**
 * The network of a receipt, and how it learns: made from what the receipt says, or by a module that the user names and whose
 * hash is the receipt's. Nothing that a receipt names is run or opened.
 */
import {
  type ClassConfig,
  lossFrom,
  metricFrom,
  modelFromConfig,
  type OwnClass,
  optimizerFrom,
  type Registry,
  registry,
} from '../config/index.js';
import { ArgumentError, givenOptions, SamebitsError, show } from '../errors/index.js';
import {
  buildModel,
  isOutputLosses,
  isOutputMetric,
  type Learning,
  learningOf,
  type Model,
  type ModelDefinition,
  outputLossesFrom,
  outputMetricsFrom,
} from '../models/index.js';
import { modelKind } from '../settings/index.js';
import { expectModule, openModel } from '../tasks/index.js';
import type { Receipt } from './receipt_form.js';
import { ownSettings } from './settings_file.js';

/** Where the code of a network may come from, beside the receipt. */
export interface NetworkPlaces {
  /** The folder of the run: what its settings name is followed where this user began it. */
  folder: string;
  /** What the user names. */
  model?: string | undefined;
}

/** The network of a training, that can be built and trained again. */
export interface ToldNetwork {
  definition: ModelDefinition;
  /** Whether its code is that of the training: by the hash of the module, or as a name of the table. */
  isBound: boolean;
}

/** A config that has to be there. Throws ArgumentError where a class of the user's own did not tell its config. */
function expectTold<T>(who: string, what: string, told: T | null, { sources }: Receipt): T {
  if (told !== null) return told;
  const { name, sha256 } = sources.model;
  const code = sha256 === undefined ? 'it holds a class of your own' : `it is code of model ${name}, ${sha256}`;
  const expected = `a receipt with the config of its ${what}`;
  throw new ArgumentError({ who, expected, got: 'one without', hint: `${code}: say by model which module has it` });
}

/** Throws as lossFrom for the config of a loss, or of those of several outputs. */
function checkLoss(who: string, loss: ClassConfig, custom: Registry): void {
  if (isOutputLosses(loss)) outputLossesFrom(who, loss, custom);
  else lossFrom(loss, { who, custom });
}

/** Throws as metricFrom for the config of a metric, also of one of several outputs. */
function checkMetric(who: string, metric: ClassConfig, custom: Registry): void {
  if (isOutputMetric(metric)) outputMetricsFrom(who, [metric], custom);
  else metricFrom(metric, 1, { who, custom });
}

/** The network as the receipt's configs say. Throws where one is absent, or of a class that is neither known here nor given. */
function madeOf(who: string, receipt: Receipt, classes: readonly OwnClass[] = []): ModelDefinition {
  const { network, optimizer, loss, metrics, weightedMetrics = [] } = receipt.compile;
  const expectEach = (list: typeof metrics) => list.map((metric) => expectTold(who, 'metrics', metric, receipt));
  const told = {
    network: expectTold(who, 'network', network, receipt),
    optimizer: expectTold(who, 'optimizer', optimizer, receipt),
    loss: expectTold(who, 'loss', loss, receipt),
    metrics: expectEach(metrics),
    weightedMetrics: expectEach(weightedMetrics),
  };
  // A class that is not known here is told now, and not when there is data already.
  const custom = registry(classes);
  modelFromConfig(told.network, { custom });
  optimizerFrom(told.optimizer, { who, custom });
  checkLoss(who, told.loss, custom);
  for (const metric of [...told.metrics, ...told.weightedMetrics]) checkMetric(who, metric, custom);
  return {
    name: receipt.sources.model.name,
    build: () => modelFromConfig(told.network, { custom }),
    optimizer: told.optimizer,
    loss: told.loss,
    metrics: told.metrics,
    weightedMetrics: told.weightedMetrics,
    classes,
  };
}

/** A definition with what the settings of the training said beside it. */
function asTrained(definition: ModelDefinition, { options }: Receipt): ModelDefinition {
  const { modelOptions = {} } = options;
  return {
    ...definition,
    ...givenOptions(options, ['optimizer', 'loss', 'metrics', 'schedule']),
    build: (form) => definition.build({ ...form, options: modelOptions }),
  };
}

/** The network that the user names. Rejects with ArgumentError, before it is run, for one that is not the receipt's. */
async function named(who: string, receipt: Receipt, model: string): Promise<ToldNetwork> {
  const { kind, sha256 } = receipt.sources.model;
  const refuse = (expected: string): never => {
    throw new ArgumentError({ who, expected, got: show(model) });
  };
  if (kind === 'table' && model !== receipt.options.model)
    refuse(`model ${show(receipt.options.model)} of the receipt`);
  if (kind === 'config' && modelKind(model) !== 'config') refuse('a .keras or .json file, as the receipt tells');
  if (sha256 !== undefined) {
    if (modelKind(model) !== 'module') refuse(`the module of the training, ${sha256}`);
    await expectModule(who, model, sha256);
  }
  const { definition } = await openModel(who, model);
  // A network that no code of a module made is the receipt's; of the module it takes the classes.
  if (kind === 'object' && definition.classes !== undefined)
    return { definition: madeOf(who, receipt, definition.classes), isBound: false };
  return { definition: asTrained(definition, receipt), isBound: sha256 !== undefined || kind === 'table' };
}

/**
 * The network of a receipt: as the user names it, or else as the receipt tells, or else as the run folder names it, where this
 * user began that. Rejects with ArgumentError for another network than the receipt's, and where none of them has it.
 */
export async function networkOf(who: string, receipt: Receipt, places: NetworkPlaces): Promise<ToldNetwork> {
  if (places.model !== undefined) return named(who, receipt, places.model);
  try {
    return { definition: madeOf(who, receipt), isBound: false };
  } catch (error) {
    if (!(error instanceof SamebitsError) || receipt.sources.model.kind !== 'module') throw error;
    const own = ownSettings(places.folder);
    if (own === undefined) throw error;
    return named(who, receipt, own.model);
  }
}

/** The network of a definition as the training of a receipt had it, not compiled, and how it learns. */
export function builtFor(
  who: string,
  receipt: Receipt,
  definition: ModelDefinition,
): { model: Model; learning: Learning } {
  const model = buildModel(who, definition, receipt.form);
  return { model, learning: learningOf(who, definition, model, receipt.form.targets) };
}

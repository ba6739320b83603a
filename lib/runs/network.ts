/** The network of a receipt, and how it learns, made from what the receipt says: nothing that it names is run or opened. */
import { modelFromConfig } from '../config/index.js';
import { FileError } from '../errors/index.js';
import type { Learning, Model, ModelDefinition } from '../models/index.js';
import type { Receipt } from './receipt_form.js';

/** What a receipt says of a training's model. */
export type ToldModel = Pick<Receipt, 'compile' | 'sources'>;

/** A config that has to be there. Throws FileError where a class of the user's own did not tell its config. */
function expectTold<T>(who: string, what: string, told: T | null, { sources }: ToldModel): T {
  if (told !== null) return told;
  const { name, sha256 } = sources.model;
  const hint = sha256 === undefined ? 'it holds a class of your own' : `it is code of model ${name}, ${sha256}`;
  throw new FileError({ who, expected: `a receipt with the config of its ${what}`, got: 'one without', hint });
}

/** How the network of a receipt learns. Throws FileError for a class without config. */
export function learningOfReceipt(who: string, receipt: ToldModel): Learning {
  const { optimizer, loss, metrics } = receipt.compile;
  return {
    optimizer: expectTold(who, 'optimizer', optimizer, receipt),
    loss: expectTold(who, 'loss', loss, receipt),
    metrics: metrics.map((metric) => expectTold(who, 'metrics', metric, receipt)),
  };
}

/**
 * The network of a receipt, not compiled. Throws FileError where it holds a layer of the user's own without config,
 * ArgumentError where it holds one of a class that is not known here.
 */
export const modelOfReceipt = (who: string, receipt: ToldModel): Model =>
  modelFromConfig(expectTold(who, 'network', receipt.compile.network, receipt));

/** What a receipt says of its model, as a definition that can be trained again. */
export function definitionOf(who: string, receipt: ToldModel): ModelDefinition {
  expectTold(who, 'network', receipt.compile.network, receipt);
  const { optimizer, loss, metrics } = learningOfReceipt(who, receipt);
  return { name: receipt.sources.model.name, build: () => modelOfReceipt(who, receipt), optimizer, loss, metrics };
}

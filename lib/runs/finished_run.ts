/** A finished training, opened again: what it was, and its model with the weights it ended with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, FileError, show } from '../errors/index.js';
import { readJson } from '../files/index.js';
import { lazySchema } from '../lazy/index.js';
import type { Model } from '../models/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TrainOptions } from '../settings/index.js';
import { checkpointPath } from './checkpoint.js';
import { expectNoLinks } from './links.js';
import { builtFor, networkOf } from './network.js';
import { readReceipt, receiptPath } from './receipt.js';
import type { TrainResult } from './result.js';
import { weightsPath } from './run_folder.js';
import { loadWeights, weightsHash } from './weights.js';

/** What the folder of a finished training says of its model. */
export interface FinishedRun {
  folder: string;
  /** Its name in the list of models. */
  model: string;
  /** Of one sample, for example `[height, width, 3]`. */
  sampleShape: readonly number[];
  classNames: readonly string[];
  seed: number;
  /** `device/isa/mode` it was trained on. */
  target: string;
  epochs: number;
  /** The epoch whose weights it ended with: the last, unless a callback chose another. */
  weightsEpoch: number;
  weightsHash: string;
}

const schema = lazySchema((z) =>
  z.object({
    model: z.string(),
    settings: z.object({ imageSize: z.int().min(1).exactOptional() }),
    classNames: z.array(z.string()),
    seed: z.int().min(0),
    target: z.string(),
    epochs: z.array(z.looseObject({ weightsHash: z.string() })).min(1),
    weightsHash: z.string(),
  }),
);

/** What a result says that a receipt says, too. */
export type ResultFacts = Pick<TrainResult, 'model' | 'seed' | 'target' | 'weightsHash' | 'classNames'> & {
  settings: Pick<TrainOptions, 'imageSize'>;
  epochs: readonly unknown[];
};

/** Throws FileError where the receipt beside a result says something else of the training: one of them was changed. */
export function checkResult(folder: string, result: ResultFacts, who: string): void {
  const path = receiptPath(folder);
  if (!existsSync(path)) return;
  const { options, target, weightsHash, classNames, epochs } = readReceipt(path);
  const { model, seed, settings } = result;
  const facts: [string, unknown, unknown][] = [
    ['model', options.model, model],
    ['imageSize', options.imageSize, settings.imageSize],
    ['seed', options.seed, seed],
    ['target', target, result.target],
    ['weightsHash', weightsHash, result.weightsHash],
    ['classNames', classNames, result.classNames],
    ['epochs', epochs.length, result.epochs.length],
  ];
  const different = facts.find(([, there, here]) => JSON.stringify(there) !== JSON.stringify(here));
  if (different === undefined) return;
  const [name, there, here] = different;
  const expected = `${name} ${show(there)} of its receipt in ${show(join(folder, 'result.json'))}`;
  throw new FileError({ who, expected, got: show(here) });
}

/** What a folder without a result is, as far as it can be told. */
function hintFor(folder: string): { hint?: string } {
  if (existsSync(join(folder, 'experiment.json'))) {
    return { hint: 'it holds an experiment; name the folder of one of its runs' };
  }
  return existsSync(checkpointPath(folder)) ? { hint: 'its training is not finished; go on with it by resume' } : {};
}

/**
 * Reads what a run folder says. Throws ArgumentError, in the words of `who`, for a folder that holds no finished
 * training, FileError for a result or receipt that cannot be read, or that contradict each other. Example: `readRun('runs/first').classNames`.
 */
export function readRun(folder: string, who = 'readRun'): FinishedRun {
  expectNoLinks(who, folder);
  const path = join(folder, 'result.json');
  if (!existsSync(path)) {
    const expected = 'the folder of a finished training';
    throw new ArgumentError({ who, expected, got: `${show(folder)} without result.json`, ...hintFor(folder) });
  }
  const parsed = schema().safeParse(readJson(path));
  if (!parsed.success) {
    const place = parsed.error.issues[0]!.path.join('.');
    throw new FileError({ who, expected: `the result of a training in ${show(path)}`, got: `no valid ${place}` });
  }
  checkResult(folder, parsed.data, who);
  const { settings: _, epochs, ...facts } = parsed.data;
  const { sampleShape } = readReceipt(receiptPath(folder)).form;
  const chosen = epochs.findLastIndex((epoch) => epoch.weightsHash === facts.weightsHash);
  const weightsEpoch = chosen < 0 ? epochs.length : chosen + 1;
  return { folder, ...facts, sampleShape, epochs: epochs.length, weightsEpoch };
}

/** The model of a run, not compiled yet, and how it learnt. */
export type RunModel = ReturnType<typeof builtFor>;

/**
 * The model of a run: made of what its receipt says, or by the module `named`. Rejects with FileError for a run without
 * receipt, with ArgumentError for another module than the run's, and where the network holds a class of the user's own that only
 * its module has.
 */
export async function modelOfRun({ folder }: FinishedRun, who = 'readRun', named?: string): Promise<RunModel> {
  const receipt = readReceipt(receiptPath(folder));
  const { definition } = await networkOf(who, receipt, { folder, model: named });
  return builtFor(who, receipt, definition);
}

/**
 * Compiles the model of a run and gives it the weights that it ended with. Throws FileError when they cannot be read,
 * are not the model's, or are not those whose hash the result holds. Example: `restoreRun(run, await modelOfRun(run), runtime)`.
 */
export function restoreRun(run: FinishedRun, { model, learning: { loss } }: RunModel, runtime: Runtime): Model {
  model.compile({ runtime, loss });
  const path = weightsPath(run.folder, run.weightsEpoch);
  loadWeights(model, path);
  const found = weightsHash(model);
  if (found === run.weightsHash) return model;
  throw new FileError({ who: 'readRun', expected: `weights ${run.weightsHash} in ${show(path)}`, got: found });
}

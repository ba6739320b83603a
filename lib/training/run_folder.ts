/**
 * The folder of one training: `checkpoint.safetensors`, `history.jsonl`, `weights/epoch-0001.safetensors` and so on,
 * `checkpoints/` likewise where all are kept, `steps/` likewise where weights of steps are, and at the end
 * `predictions.safetensors`, `receipt.json` and `result.json`. Every file is written whole.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, FileError, show } from '../errors/index.js';
import { makeFolders, reason, writeWhole } from '../files/index.js';
import type { Model } from '../models/index.js';
import type { StoredTensor } from '../trace/index.js';
import { writeSafetensors } from './safetensors.js';
import type { EpochResult, TrainResult } from './trial.js';
import { saveWeights } from './weights.js';

/** Throws ArgumentError unless the folder is absent or empty: a training that begins overwrites nothing. */
export function expectNewFolder(folder: string): void {
  if (!existsSync(folder)) return;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new FileError({ who: 'train', expected: `a folder ${show(folder)}`, got: reason(error) }, { cause: error });
  }
  if (names.length === 0) return;
  const hint = 'choose another folder, or go on with the run in it by resume';
  throw new ArgumentError({ who: 'train', expected: 'out to be a new or empty folder', got: show(folder), hint });
}

/** Makes the folder and writes what comes first into it. Throws FileError, and leaves no folder, when either fails. */
export function beginFolder(folder: string, writeFirst: () => void): void {
  let made: string | undefined;
  try {
    made = makeFolders(folder);
  } catch (error) {
    throw new FileError({ who: 'train', expected: `to make ${show(folder)}`, got: reason(error) }, { cause: error });
  }
  try {
    writeFirst();
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true });
    throw error;
  }
}

/** File of the weights after an epoch, counted from 1. */
export function weightsPath(folder: string, epoch: number): string {
  return join(folder, 'weights', `epoch-${String(epoch).padStart(4, '0')}.safetensors`);
}

/** File of the final model's predictions on the validation pictures. */
export function predictionsPath(folder: string): string {
  return join(folder, 'predictions.safetensors');
}

/** File of the weights after the last epoch that a run folder holds. Throws FileError if it holds none. */
export function lastWeightsPath(folder: string): string {
  const weights = join(folder, 'weights');
  const names = existsSync(weights) ? readdirSync(weights) : [];
  const epochs = names.map((name) => Number(/^epoch-(\d{4,})\.safetensors$/.exec(name)?.[1] ?? 0));
  const last = epochs.reduce((most, epoch) => Math.max(most, epoch), 0);
  if (last > 0) return weightsPath(folder, last);
  throw new FileError({ who: 'weights', expected: 'a run folder with weights/epoch-*.safetensors', got: show(folder) });
}

/** Keeps the weights after an epoch. */
export function writeEpochWeights(folder: string, model: Model, epoch: number): void {
  saveWeights(model, weightsPath(folder, epoch));
}

/** Writes one JSON line for each epoch. */
export function writeHistory(folder: string, epochs: readonly EpochResult[]): void {
  writeWhole(join(folder, 'history.jsonl'), epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''));
}

/** Writes the predictions on the validation pictures. */
export function writePredictions(folder: string, predictions: StoredTensor): void {
  writeSafetensors(predictionsPath(folder), { tensors: [predictions], metadata: {} });
}

/** Writes the result, which is last: with it a run counts as finished. */
export function writeResult(folder: string, result: TrainResult): void {
  writeWhole(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

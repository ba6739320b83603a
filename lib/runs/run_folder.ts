/**
 * The folder of one training: `settings.json`, `data.json`, `checkpoint.safetensors`, `history.jsonl`,
 * `weights/epoch-0001.safetensors` and so on, `checkpoints/` likewise where all are kept, `steps/` likewise where weights
 * of steps are, `initial.safetensors` where no seed gives the first weights, and at the end `predictions.safetensors`, `receipt.json` and `result.json`. Every file is written whole.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ArgumentError, FileError, show } from '../errors/index.js';
import { contentsOf, readJson, sweepNeighbours, writeWhole } from '../files/index.js';
import { readSafetensors, writeSafetensors } from '../formats/index.js';
import type { Model } from '../models/index.js';
import type { StoredTensor } from '../trace/index.js';
import { checkpointPath } from './checkpoint.js';
import { initialPath } from './initial.js';
import { expectNoLinks, parts } from './links.js';
import type { EpochResult, TrainResult } from './result.js';
import { settingsPath } from './settings_file.js';
import { saveWeights } from './weights.js';

/** The file of a run folder's trace. */
export const tracePath = (folder: string): string => join(folder, 'trace.bin');

/** What a folder holds that is not empty, and what can be done with it. */
function whatLiesIn(folder: string): { got: string; hint: string } {
  const holds = (name: string) => existsSync(join(folder, name));
  const another = 'choose another folder';
  if (holds('experiment.json')) return { got: 'an experiment', hint: another };
  if (existsSync(resultPath(folder))) {
    return { got: 'a finished training', hint: `${another}, or go on with it to more epochs by resume` };
  }
  if (existsSync(checkpointPath(folder))) {
    return { got: 'a training that is not finished', hint: `${another}, or go on with it by resume` };
  }
  if (existsSync(settingsPath(folder))) {
    const hint = `${another}, or begin it again by resume`;
    return { got: 'a training that was ended before its first step', hint };
  }
  return { got: 'other files', hint: another };
}

/** Throws ArgumentError unless a folder that is claimed is empty: a training that begins overwrites nothing. */
export function expectEmpty(folder: string): void {
  // One that was killed before it had written its settings has left half of them.
  const begun = new RegExp(`^${basename(settingsPath(folder))}\\.\\d+\\.tmp$`);
  if (contentsOf(folder).every((name) => begun.test(name))) {
    sweepNeighbours([folder]);
    return;
  }
  const { got, hint } = whatLiesIn(folder);
  const expected = 'out to be a new or empty folder';
  throw new ArgumentError({ who: 'train', expected, got: `${show(folder)} with ${got}`, hint });
}

/** What a run folder may have before its first checkpoint. */
const beginningOf = (folder: string) => [settingsPath(folder), tracePath(folder), initialPath(folder)];

/** Throws FileError for a run folder that has lost its checkpoint; one that never had any holds nothing else. */
export function expectNotBegun(folder: string): void {
  const early = beginningOf(folder).map((path) => basename(path));
  const more = contentsOf(folder).find((name) => !early.includes(name) && !/\.\d+\.tmp$/.test(name));
  if (more === undefined) return;
  const expected = `a checkpoint ${show(checkpointPath(folder))}`;
  throw new FileError({ who: 'resume', expected, got: `none beside ${show(more)}` });
}

/** Removes what a training wrote that ended before it had a checkpoint. */
export function forgetBeginning(folder: string): void {
  const takenAlong = parts.map((part) => join(folder, part));
  for (const path of [...beginningOf(folder), ...takenAlong]) rmSync(path, { recursive: true, force: true });
}

/** Removes, from a claimed run folder, what a process that was killed left half written. */
export function sweepRun(folder: string): void {
  sweepNeighbours([folder, ...parts.map((part) => join(folder, part))]);
}

/** File of the weights after an epoch, counted from 1. */
export function weightsPath(folder: string, epoch: number): string {
  return join(folder, 'weights', `epoch-${String(epoch).padStart(4, '0')}.safetensors`);
}

/** The weights of a model after an epoch, in their order. Throws FileError where the folder does not hold them. */
export function weightsIn(folder: string, epoch: number, model: Model): Float32Array[] {
  const path = weightsPath(folder, epoch);
  const tensors = new Map(readSafetensors(path).tensors.map(({ name, data }) => [name, data]));
  return model.namedWeights().map(({ name, weight }) => {
    const data = tensors.get(name);
    if (data instanceof Float32Array && data.length === weight.size) return data;
    throw new FileError({
      who: 'resume',
      expected: `${name} ${show([...weight.shape])} in ${show(path)}`,
      got: 'none',
    });
  });
}

/** File of the final model's predictions on the validation pictures. */
export function predictionsPath(folder: string): string {
  return join(folder, 'predictions.safetensors');
}

/** File of the weights after the last epoch that a run folder holds. Throws FileError if it holds none. */
export function lastWeightsPath(folder: string): string {
  expectNoLinks('weights', folder);
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

const historyPath = (folder: string): string => join(folder, 'history.jsonl');

/** Writes one JSON line for each epoch. */
export function writeHistory(folder: string, epochs: readonly EpochResult[]): void {
  writeWhole(historyPath(folder), epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''));
}

/** Writes the predictions on the validation pictures. */
export function writePredictions(folder: string, predictions: StoredTensor): void {
  writeSafetensors(predictionsPath(folder), { tensors: [predictions], metadata: {} });
}

const resultPath = (folder: string): string => join(folder, 'result.json');

/** The result in a run folder, whose losses are null where they are not finite; undefined where there is none. */
export function resultOf(folder: string): TrainResult | undefined {
  return existsSync(resultPath(folder)) ? (readJson(resultPath(folder)) as TrainResult) : undefined;
}

/** Writes the result, which is last: with it a run counts as finished. */
export function writeResult(folder: string, result: TrainResult): void {
  writeWhole(resultPath(folder), `${JSON.stringify(result, null, 2)}\n`);
}

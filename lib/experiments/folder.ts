/**
 * The folder of an experiment: `experiment.json` says what it is, one folder a trial holds what the trainer wrote,
 * `result.json` the whole at the end. A trial counts as done once its own `result.json` is there, which the trainer
 * writes last and whole; everything else of an unfinished trial is removed before it is started again.
 */
import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { claimFolder, contentsOf, readJson, sweepNeighbours, writeWhole } from '../files/index.js';
import { checkResult, type Machine, type TrainResult } from '../runs/index.js';
import type { TrainOptions } from '../settings/index.js';
import { parseTrainResult } from './child.js';
import type { Definition } from './definition.js';
import type { Versions } from './result.js';
import type { Trial } from './trials.js';

/** What an experiment is and runs on; a folder is gone on with only if all but the start is the same. */
export interface Identity {
  definition: Definition;
  machine: Machine;
  versions: Versions;
  startedAt: string;
}

function differences(here: unknown, there: unknown, place = ''): string[] {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(here) || !isObject(there)) {
    return JSON.stringify(here) === JSON.stringify(there)
      ? []
      : [`${place} ${show(there)} there and ${show(here)} here`];
  }
  const [a, b] = [here, there] as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], key));
}

function requireSame(folder: string, here: Identity, there: Identity): void {
  const [first] = differences({ ...here, startedAt: '' }, { ...there, startedAt: '' });
  if (first !== undefined) {
    throw new ArgumentError({
      who: 'runExperiment out',
      expected: 'an empty folder or one of the same experiment',
      got: `${show(folder)} with ${first}`,
      hint: 'choose another folder, or remove this one',
    });
  }
}

/** Opens the folder of an experiment, which is claimed. Throws ArgumentError if it belongs to something else. */
export function openFolder(folder: string, identity: Identity): { identity: Identity; leave: () => void } {
  sweepNeighbours([folder]);
  const about = join(folder, 'experiment.json');
  if (existsSync(about)) {
    const there = readJson(about) as Identity;
    requireSame(folder, identity, there);
    return { identity: { ...identity, startedAt: there.startedAt }, leave: () => {} };
  }
  if (contentsOf(folder).length > 0) {
    throw new ArgumentError({
      who: 'runExperiment out',
      expected: 'an empty folder or one of the same experiment',
      got: `${show(folder)}, which holds other files`,
    });
  }
  writeWhole(about, `${JSON.stringify(identity, null, 2)}\n`);
  return { identity, leave: () => leaveNothing(folder) };
}

/** Removes what was written for an experiment of which no trial was finished. */
function leaveNothing(folder: string): void {
  const left = contentsOf(folder).filter((name) => name !== 'experiment.json');
  if (left.length === 0) rmSync(join(folder, 'experiment.json'), { force: true });
}

/**
 * The result of a trial that was finished earlier, or null. Throws ArgumentError for that of another training than `asked`,
 * FileError for one that its receipt contradicts.
 */
export function finishedTrial(
  folder: string,
  trial: Trial,
  asked: Pick<TrainOptions, 'model' | 'seed'>,
): TrainResult | null {
  const path = join(folder, trial.folder, 'result.json');
  if (!existsSync(path)) return null;
  const who = `trial ${trial.folder}`;
  const result = parseTrainResult(readJson(path), who);
  for (const name of ['model', 'seed'] as const) {
    if (result[name] === asked[name]) continue;
    const expected = `${name} ${show(asked[name])} of the experiment in ${show(path)}`;
    throw new ArgumentError({ who, expected, got: show(result[name]) });
  }
  checkResult(join(folder, trial.folder), result, who);
  return result;
}

/** Removes what an unfinished trial left behind. Throws ArgumentError where its training still runs. */
export function clearTrial(folder: string, trial: Trial): void {
  const path = join(folder, trial.folder);
  if (!existsSync(path)) return;
  {
    using _claim = claimFolder('compare', path);
    for (const name of contentsOf(path)) rmSync(join(path, name), { recursive: true });
  }
  rmdirSync(path);
}

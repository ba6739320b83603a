/** Finished trainings out of their folders, whoever ran them: those named, and those of an experiment's folder that is named. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { readJson } from '../files/index.js';
import { checkResult, type Receipt, readReceipt, receiptPath, type TrainResult } from '../runs/index.js';
import type { Mode } from '../runtime/index.js';
import { parseTrainResult } from '../trials/index.js';

/** A finished training. */
export interface FoundRun {
  folder: string;
  /** The end of its folder's path that tells it from the others. */
  name: string;
  /** `atomic` where sums of any kernel were joined as they arrived. */
  mode: Mode;
  result: TrainResult;
  /** Where it ran, as its receipt says; undefined without a receipt. */
  environment: Receipt['environment'] | undefined;
  /** ISO 8601 time at which its settings were written. */
  startedAt: string;
}

/** The folders of trainings that a folder stands for: itself, or those of an experiment, of one model or several. */
function runFolders(who: string, folder: string): string[] {
  if (!existsSync(folder))
    throw new ArgumentError({ who, expected: 'the folder of a run', got: show(folder), hint: 'there is none' });
  if (!existsSync(join(folder, 'experiment.json')) && existsSync(join(folder, 'result.json'))) return [folder];
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
  const found = inside.flatMap((path) => (existsSync(join(path, 'experiment.json')) ? runFolders(who, path) : path));
  const finished = found.filter((path) => existsSync(join(path, 'result.json')));
  if (finished.length > 0) return finished;
  const hint = existsSync(join(folder, 'checkpoint.safetensors'))
    ? 'its training is not finished; go on with it by resume'
    : undefined;
  const expected = 'the folder of a finished training, or of an experiment with one';
  throw new ArgumentError({ who, expected, got: `${show(folder)} without result.json`, ...(hint && { hint }) });
}

/** The shortest ends of paths that tell them apart. */
function namesOf(folders: readonly string[]): string[] {
  const parts = folders.map((folder) => resolve(folder).split(/[\\/]/));
  const endsOf = (count: number) => parts.map((path) => path.slice(-count).join('/'));
  const most = parts.reduce((longest, { length }) => Math.max(longest, length), 1);
  const counts = Array.from({ length: most }, (_, i) => i + 1);
  const told = counts.find((count) => new Set(endsOf(count)).size === folders.length) ?? most;
  return endsOf(told);
}

function openRun(who: string, folder: string, name: string): FoundRun {
  const result = parseTrainResult(readJson(join(folder, 'result.json')), `${who} ${show(basename(folder))}`);
  checkResult(folder, result, who);
  const { mode, atomic } = result.settings;
  const receipt = receiptPath(folder);
  const settings = ['settings.json', 'result.json'].map((file) => join(folder, file)).find((path) => existsSync(path))!;
  return {
    ...{ folder, name, result },
    mode: mode === 'atomic' || atomic !== undefined ? 'atomic' : 'deterministic',
    environment: existsSync(receipt) ? readReceipt(receipt).environment : undefined,
    startedAt: statSync(settings).mtime.toISOString(),
  };
}

/**
 * The finished trainings in these folders, each once, in their order. Throws ArgumentError, in the words of `who`, for a folder
 * that holds none and for a result with a field that does not fit, FileError for a result that cannot be read or that the
 * receipt beside it contradicts.
 */
export function findRuns(who: string, folders: readonly string[]): FoundRun[] {
  const found = [
    ...new Map(folders.flatMap((folder) => runFolders(who, folder)).map((path) => [resolve(path), path])).values(),
  ];
  const names = namesOf(found);
  return found.map((folder, i) => openRun(who, folder, names[i]!));
}

/** What lies in finished run folders that is not needed any more, and what is needed by whom. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf } from '../files/index.js';
import { readReceipt, receiptPath, resultOf, type TrainResult } from '../runs/index.js';

/** Parts of a run folder that can go. The weights that a training ended with, its receipt, result and predictions always stay. */
export const prunable = ['checkpoint', 'checkpoints', 'weights', 'steps', 'trace'] as const;
export type Prunable = (typeof prunable)[number];

/** What a run is a part of, which says what is made of its files. */
export type Whole = 'study' | 'experiment' | 'run';

/** A finished run. */
export interface PrunableRun {
  folder: string;
  whole: Whole;
  result: TrainResult;
}

/** A file of a run, and whether its receipt names it. */
export interface RunFile {
  /** Below the run folder, with `/`. */
  name: string;
  path: string;
  bytes: number;
  inReceipt: boolean;
}

const has = (folder: string, name: string) => existsSync(join(folder, name));

/** Folders in a folder, themselves and no links to others. */
const foldersIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();

/** The finished runs in a folder and below, and those that have to wait. */
export function runsIn(
  folder: string,
  whole: Whole = 'run',
): { runs: PrunableRun[]; waiting: [folder: string, why: string][] } {
  if (has(folder, 'settings.json') || (has(folder, 'result.json') && has(folder, 'weights'))) {
    const holder = holderOf(folder);
    const result = resultOf(folder);
    if (holder !== undefined) return { runs: [], waiting: [[folder, `held by ${holder}`]] };
    if (result === undefined) return { runs: [], waiting: [[folder, 'not finished']] };
    return { runs: [{ folder, whole, result }], waiting: [] };
  }
  const inside = has(folder, 'study.json') ? 'study' : has(folder, 'experiment.json') ? 'experiment' : whole;
  const found = foldersIn(folder).map((one) => runsIn(one, inside));
  return { runs: found.flatMap(({ runs }) => runs), waiting: found.flatMap(({ waiting }) => waiting) };
}

const isAtomic = ({ settings: { mode, atomic } }: TrainResult) => mode === 'atomic' || atomic !== undefined;

/**
 * What is needed of a run. The figures of a study compare the last layers of its atomic trainings after every epoch; a deterministic
 * one is its last weights, and what came before can be computed again. A report over an experiment or over runs compares the weights of
 * every epoch and of the steps that were kept. A trace is kept: it was asked for, and `diff` reads it. A checkpoint is what a training
 * goes on from, and a finished one does not go on.
 */
export function neededOf({ whole, result }: PrunableRun): readonly Prunable[] {
  if (whole !== 'study') return ['weights', 'steps', 'trace'];
  return isAtomic(result) ? ['weights', 'trace'] : ['trace'];
}

/** The epochs whose weights a training may have ended with: the last, and the one that a callback chose. */
function endsOf({ epochs, weightsHash }: TrainResult): number[] {
  return [epochs.length, epochs.findLastIndex((epoch) => epoch.weightsHash === weightsHash) + 1];
}

/** The part that a file belongs to; undefined for one that always stays. */
function partOf(name: string, result: TrainResult): Prunable | undefined {
  if (name === 'checkpoint.safetensors') return 'checkpoint';
  if (name === 'trace.bin') return 'trace';
  const [, part, number] = /^(weights|checkpoints|steps)\/(?:epoch|step)-(\d+)\.safetensors$/.exec(name) ?? [];
  if (part === undefined || (part === 'weights' && endsOf(result).includes(Number(number)))) return undefined;
  return part as Prunable;
}

/** The files of a run. */
export function filesOf({ folder }: PrunableRun): RunFile[] {
  const named = existsSync(receiptPath(folder)) ? readReceipt(receiptPath(folder)).files : {};
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? readdirSync(join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name],
  );
  return names.sort().flatMap((name): RunFile[] => {
    const path = join(folder, name);
    const stat = lstatSync(path);
    return stat.isFile() ? [{ name, path, bytes: stat.size, inReceipt: Object.hasOwn(named, name) }] : [];
  });
}

/** The files of a run that can go, all but those of the parts that are kept. */
export const spareOf = (run: PrunableRun, keep: readonly Prunable[]): RunFile[] =>
  filesOf(run).filter(({ name }) => {
    const part = partOf(name, run.result);
    return part !== undefined && !keep.includes(part);
  });

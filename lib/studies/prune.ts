/**
 * Run folders that take less room: files that nothing needs any more go, and identical ones are kept once, as names of one file. What a
 * receipt names is told apart before it goes, and is listed in `pruned.json` of its run afterwards, with the hash that the receipt has.
 */
import { existsSync, linkSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ArgumentError, checkOptions, flagOption, show, wordOption } from '../errors/index.js';
import { claimFolder, fileHash, readJson, writeWhole } from '../files/index.js';
import { readReceipt, receiptPath } from '../runs/index.js';
import {
  filesOf,
  neededOf,
  type Prunable,
  type PrunableRun,
  prunable,
  type RunFile,
  runsIn,
  spareOf,
} from './prunable.js';

/** What is kept, and whether anything is done. */
export interface PruneOptions {
  /** Parts of run folders that stay: 'checkpoint', 'checkpoints', 'weights' (of all epochs), 'steps', 'trace'. Default: by need. */
  keep?: readonly Prunable[];
  /** Say alone what would go. Default false. */
  dryRun?: boolean;
}

/** A file that goes. */
export interface PrunedFile {
  path: string;
  bytes: number;
  /** Whether a receipt names it. */
  inReceipt: boolean;
}

/** What goes, or went. */
export interface Pruned {
  runs: number;
  /** Runs that are left as they are, and why. */
  waiting: (readonly [folder: string, why: string])[];
  removed: PrunedFile[];
  /** Files that become another name of an identical one. */
  linked: (readonly [path: string, same: string, bytes: number])[];
  /** Bytes of all files of the runs, before and after. */
  before: number;
  after: number;
}

const who = 'prune';
/** Smaller files take a block of their own in any case. */
const leastLinked = 4096;

const sum = (files: readonly { bytes: number }[]) => files.reduce((total, { bytes }) => total + bytes, 0);
const isWeights = ({ name, bytes }: RunFile) => name.endsWith('.safetensors') && bytes >= leastLinked;

/** Identical files of weights among those that stay: each with the first of its kind, unless it is one file with it already. */
function identical(files: readonly RunFile[]): (readonly [RunFile, RunFile])[] {
  const weights = files.filter(isWeights);
  const sizes = new Map<number, number>();
  for (const { bytes } of weights) sizes.set(bytes, 1 + (sizes.get(bytes) ?? 0));
  const first = new Map<string, RunFile>();
  return weights.flatMap((file) => {
    if (sizes.get(file.bytes) === 1) return [];
    const hash = fileHash(file.path);
    const same = first.get(hash);
    if (same === undefined) first.set(hash, file);
    const apart = same !== undefined && statSync(same.path).ino !== statSync(file.path).ino;
    return apart ? [[file, same] as const] : [];
  });
}

/** Bytes on disk: a file of several names counts once. */
function bytesOf(files: readonly RunFile[]): number {
  const once = new Map(files.map((file) => [statSync(file.path).ino, file]));
  return sum([...once.values()]);
}

/** Removes files of a run that nobody else works in, and keeps a list of them. */
function remove({ folder }: PrunableRun, files: readonly RunFile[]): void {
  if (files.length === 0) return;
  using _claim = claimFolder(who, folder);
  const list = join(folder, 'pruned.json');
  const before = existsSync(list) ? (readJson(list) as Record<string, unknown>) : {};
  const receipt = existsSync(receiptPath(folder)) ? readReceipt(receiptPath(folder)).files : {};
  const gone = files.map(({ name, bytes }) => [name, { bytes, hash: receipt[name] ?? null }]);
  // First: what is listed and still there does no harm.
  writeWhole(list, `${JSON.stringify({ ...before, ...Object.fromEntries(gone) }, null, 2)}\n`);
  for (const { path } of files) rmSync(path);
  for (const part of new Set(files.map(({ path }) => dirname(path)))) {
    try {
      if (part !== folder) rmdirSync(part);
    } catch {
      // Something is left in it.
    }
  }
}

/** Gives an identical file's bytes another name; a file system that cannot keeps both. */
function linkTo({ path: same }: RunFile, { path }: RunFile): boolean {
  const neighbour = `${path}.${process.pid}.tmp`;
  try {
    linkSync(same, neighbour);
    renameSync(neighbour, path);
    return true;
  } catch {
    rmSync(neighbour, { force: true });
    return false;
  }
}

/**
 * Removes what is not needed in the finished runs of a folder (a run, an experiment, a study), and keeps identical weights once.
 * Returns what went; with `dryRun` what would go. Throws ArgumentError for a folder without finished runs and for a part that is none.
 * Example: `pruneRuns('runs/thesis', { dryRun: true }).after`.
 */
export function pruneRuns(folder: string, options: PruneOptions = {}): Pruned {
  checkOptions(who, options, ['keep', 'dryRun']);
  const { keep, dryRun = false } = options;
  for (const part of keep ?? []) wordOption(who, 'keep', part, prunable);
  flagOption(who, 'dryRun', dryRun);
  const found = existsSync(folder) && statSync(folder).isDirectory() ? runsIn(folder) : undefined;
  if (found === undefined || found.runs.length === 0) {
    const got = found === undefined ? 'no folder' : found.waiting[0] ? `one that is ${found.waiting[0][1]}` : 'none';
    throw new ArgumentError({ who, expected: `a folder with finished trainings ${show(folder)}`, got });
  }
  const { runs, waiting } = found;
  const files = runs.flatMap(filesOf);
  const before = bytesOf(files);
  const spare = runs.map((run) => spareOf(run, keep ?? neededOf(run)));
  const gone = new Set(spare.flat().map(({ path }) => path));
  const stay = files.filter(({ path }) => !gone.has(path));
  const same = identical(stay);
  if (!dryRun) for (const [i, run] of runs.entries()) remove(run, spare[i]!);
  const linked = same.filter(([file, first]) => dryRun || linkTo(first, file));
  const doubled = dryRun ? bytesOf(linked.map(([file]) => file)) : 0;
  return {
    runs: runs.length,
    waiting,
    removed: spare.flat().map(({ path, bytes, inReceipt }) => ({ path, bytes, inReceipt })),
    linked: linked.map(([file, first]) => [file.path, first.path, file.bytes] as const),
    before,
    after: bytesOf(stay) - doubled,
  };
}

/** Removes what a study's finished trial leaves that its report does not need. */
export function pruneTrial(folder: string): void {
  const { runs } = runsIn(folder, 'study');
  for (const run of runs) remove(run, spareOf(run, neededOf(run)));
}

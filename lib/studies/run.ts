/** Runs the trials of a study, which any number of workers may share. */
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { checkWorker, runTrials, type TrialHooks, type TrialsOutcome } from '../trials/index.js';
import { openStudy } from './folder.js';
import { checkModels } from './models.js';
import type { Plan } from './plan.js';
import { pruneTrial } from './prune.js';
import { type Shard, type StudyTrial, shardOf, studyTrials } from './trials.js';

/** Where a study reports to while it runs. */
export type StudyHooks = TrialHooks<StudyTrial>;

/** What became of the trials that a worker was asked for. */
export type StudyOutcome = TrialsOutcome<StudyTrial>;

/** What the runner needs beside the plan. */
export interface StudyOptions {
  /** Folder of the study; gone on with if it holds the same one, or a part of it. */
  out: string;
  /** Trials at once. Default 1. */
  jobs?: number;
  /** Run every `of`-th trial alone, from the `index`-th on. Default all. */
  shard?: Shard;
  /** Run these trials alone, by their folders (`StudyTrial.folder`). Default all. */
  only?: readonly string[];
  /** Remove what the study's report does not need of a trial as soon as it is done. Default false. */
  prune?: boolean;
  /** Threads that the trials share. Default: as many as the machine has cores. */
  cores?: number;
  /** Program and leading arguments that start the samebits command line. Default: that of this package. */
  command?: readonly string[];
}

function checkedShard({ index, of }: Shard): Shard {
  if ([index, of].every(Number.isSafeInteger) && of >= 1 && index >= 1 && index <= of) return { index, of };
  throw new ArgumentError({ who: 'study shard', expected: 'index/of with index from 1 to of', got: `${index}/${of}` });
}

/**
 * Runs every trial of a plan, or of one shard, that is not done and that no other process holds, and tells what became of them. Throws
 * ArgumentError for a plan or an option that cannot be, before any work, and `signal.reason` if it is stopped: the trials under way
 * have a checkpoint then. A trial that fails does not end the others.
 * Example: `await runStudy(await readPlan('thesis.json'), { out: 'runs/thesis', jobs: 2 })`.
 */
export async function runStudy(plan: Plan, options: StudyOptions, hooks: StudyHooks = {}): Promise<StudyOutcome> {
  const { out, jobs, cores, command, prune = false } = options;
  checkWorker('study', { jobs, cores });
  const shard = checkedShard(options.shard ?? { index: 1, of: 1 });
  await checkModels(studyTrials(plan));
  const trials = shardOf(chosen(openStudy(out, plan), options.only), shard);
  const finish = ({ folder }: StudyTrial) => (prune ? pruneTrial(join(out, folder)) : undefined);
  return runTrials(trials, { whole: 'plan', out, jobs, cores, command, finish, prunes: prune }, hooks);
}

/** The trials of these folders; all where none is named. Throws ArgumentError for one that the plan does not have. */
function chosen(trials: readonly StudyTrial[], only: readonly string[] | undefined): readonly StudyTrial[] {
  if (only === undefined) return trials;
  const known = new Set(trials.map(({ folder }) => folder));
  const unknown = only.find((name) => !known.has(name));
  if (unknown === undefined) return trials.filter(({ folder }) => only.includes(folder));
  throw new ArgumentError({
    who: 'study only',
    expected: 'trials of the plan, as study list names them',
    got: show(unknown),
  });
}

/**
 * Runs the trials of a study, several side by side, each in a process of its own. Any number of such workers may share one folder: a
 * trial is taken by one of them, and what a killed one left goes on from its checkpoint.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentError, givenOptions, show } from '../errors/index.js';
import { trainInChild } from '../experiments/index.js';
import { type Claim, claimFolder, holderOf } from '../files/index.js';
import type { TrialProgress } from '../progress/index.js';
import type { TrainResult } from '../runs/index.js';
import { capabilities } from '../runtime/index.js';
import type { TrainOptions } from '../settings/index.js';
import { openStudy, stateOf } from './folder.js';
import { Room } from './memory.js';
import { checkModels } from './models.js';
import type { Plan } from './plan.js';
import { pruneTrial } from './prune.js';
import { type Shard, type StudyTrial, shardOf, studyTrials } from './trials.js';

/** Where a study reports to while it runs. */
export interface StudyHooks {
  /** Before a trial is run; `epochs` are those that it has already. */
  onTrial?: (trial: StudyTrial, epochs: number) => void;
  onProgress?: (trial: StudyTrial, progress: TrialProgress) => void;
  onTrialDone?: (trial: StudyTrial, result: TrainResult) => void;
  /** A trial that failed; the others go on. */
  onTrialFailed?: (trial: StudyTrial, error: Error) => void;
  /** Trials wait until another one has ended: the next would not fit into memory. */
  onMemory?: (trial: StudyTrial, neededMiB: number, availableMiB: number) => void;
  signal?: AbortSignal;
}

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

/** What became of the trials that a worker was asked for. */
export interface StudyOutcome {
  total: number;
  /** Finished now, and finished before. */
  ran: number;
  kept: number;
  /** Trials that other processes hold. */
  held: { trial: StudyTrial; holder: string }[];
  failed: { trial: StudyTrial; error: Error }[];
}

const mainFile = fileURLToPath(new URL('../cli/main.js', import.meta.url));

function checked({ jobs = 1, shard = { index: 1, of: 1 }, cores }: StudyOptions) {
  if (cores !== undefined && (!Number.isSafeInteger(cores) || cores < 1))
    throw new ArgumentError({ who: 'study cores', expected: 'an integer >= 1', got: show(cores) });
  if (!Number.isSafeInteger(jobs) || jobs < 1)
    throw new ArgumentError({ who: 'study jobs', expected: 'an integer >= 1', got: show(jobs) });
  const { index, of } = shard;
  if (![index, of].every(Number.isSafeInteger) || of < 1 || index < 1 || index > of)
    throw new ArgumentError({
      who: 'study shard',
      expected: 'index/of with index from 1 to of',
      got: `${index}/${of}`,
    });
  return { jobs, shard };
}

/**
 * Threads of a trial where the plan does not say: the machine's shared out among those that run at once. Sums that arrive as threads
 * make it need two at the least; the bits of a deterministic training depend on none of this.
 */
export function threadsOf({ options, mode }: StudyTrial, jobs: number, cores: number): number {
  const share = Math.max(1, Math.floor(cores / jobs));
  return options.threads ?? (mode === 'atomic' && options.arrivalSeed === undefined ? Math.max(2, share) : share);
}

/** One worker's way through its trials. */
class Worker {
  readonly #left: StudyTrial[];
  readonly #room = new Room();
  readonly #outcome: StudyOutcome;

  constructor(
    trials: readonly StudyTrial[],
    private readonly out: string,
    private readonly jobs: number,
    private readonly cores: number,
    private readonly command: readonly string[],
    private readonly prune: boolean,
    private readonly hooks: StudyHooks,
  ) {
    this.#left = [...trials];
    this.#outcome = { total: trials.length, ran: 0, kept: 0, held: [], failed: [] };
  }

  async run(): Promise<StudyOutcome> {
    const lanes = Array.from({ length: Math.min(this.jobs, this.#left.length) }, () => this.#lane());
    const settled = await Promise.allSettled(lanes);
    this.hooks.signal?.throwIfAborted();
    const broken = settled.find((one) => one.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    return this.#outcome;
  }

  #stopped = (): boolean => this.hooks.signal?.aborted === true;

  async #lane(): Promise<void> {
    for (let trial = this.#left.shift(); trial !== undefined; trial = this.#left.shift()) {
      if (this.#stopped()) return;
      await this.#take(trial);
    }
  }

  async #take(trial: StudyTrial): Promise<void> {
    const place = `${join(this.out, trial.folder)}.taken`;
    if (this.#settled(trial, existsSync(place) ? holderOf(place) : undefined) === undefined) return;
    const onWait = (needed: number, free: number) => this.hooks.onMemory?.(trial, needed, free);
    await this.#room.enter(trial, { onWait, stopped: this.#stopped });
    try {
      if (!this.#stopped()) await this.#claim(trial, place);
    } finally {
      this.#room.leave(trial);
    }
  }

  async #claim(trial: StudyTrial, place: string): Promise<void> {
    let claim: Claim;
    try {
      // Of those that look for work; the trainer claims its run folder itself.
      claim = claimFolder('study', place);
    } catch (error) {
      const holder = existsSync(place) ? holderOf(place) : undefined;
      if (holder === undefined) throw error;
      this.#outcome.held.push({ trial, holder });
      return;
    }
    try {
      // Another one may have done it until it was claimed.
      const state = this.#settled(trial, undefined);
      if (state !== undefined) await this.#train(trial, state);
    } finally {
      claim.release();
    }
  }

  /** Notes a trial that is done, or that another process holds; how far it is where it is to be run. */
  #settled(trial: StudyTrial, taker: string | undefined): { epochs: number; begun: boolean } | undefined {
    const found = stateOf(this.out, trial);
    if (found.state === 'done') {
      this.#outcome.kept += 1;
      this.#room.note(trial, found.result);
      return undefined;
    }
    const holder = found.state === 'running' ? found.holder : taker;
    if (holder === undefined)
      return found.state === 'begun' ? { epochs: found.epochs, begun: true } : { epochs: 0, begun: false };
    this.#outcome.held.push({ trial, holder });
    return undefined;
  }

  async #train(trial: StudyTrial, { epochs, begun }: { epochs: number; begun: boolean }): Promise<void> {
    const { signal, onProgress, onTrial, onTrialDone, onTrialFailed } = this.hooks;
    const folder = join(this.out, trial.folder);
    const threads = threadsOf(trial, this.jobs, this.cores);
    // What a run names is followed where its user names it too: it may have been begun on another machine.
    const sources = givenOptions(trial.options, ['model', 'data', 'validation', 'weights']);
    const asked = begun ? { ...sources, resume: folder, threads } : { ...trial.options, threads, out: folder };
    onTrial?.(trial, epochs);
    try {
      const result = await trainInChild(`trial ${trial.folder}`, asked as TrainOptions, {
        command: this.command,
        ...(signal && { signal }),
        ...(onProgress && { onProgress: (progress: TrialProgress) => onProgress(trial, progress) }),
      });
      this.#room.note(trial, result);
      if (this.prune) pruneTrial(folder);
      this.#outcome.ran += 1;
      onTrialDone?.(trial, result);
    } catch (error) {
      if (signal?.aborted) return;
      this.#outcome.failed.push({ trial, error: error as Error });
      onTrialFailed?.(trial, error as Error);
    }
  }
}

/**
 * Runs every trial of a plan, or of one shard, that is not done and that no other process holds, and tells what became of them. Throws
 * ArgumentError for a plan or an option that cannot be, before any work, and `signal.reason` if it is stopped: the trials under way
 * have a checkpoint then. A trial that fails does not end the others.
 * Example: `await runStudy(await readPlan('thesis.json'), { out: 'runs/thesis', jobs: 2 })`.
 */
export async function runStudy(plan: Plan, options: StudyOptions, hooks: StudyHooks = {}): Promise<StudyOutcome> {
  const { jobs, shard } = checked(options);
  await checkModels(studyTrials(plan));
  const trials = shardOf(chosen(openStudy(options.out, plan), options.only), shard);
  const { out, cores = capabilities().hardwareThreads, command = [process.execPath, mainFile] } = options;
  return new Worker(trials, out, jobs, cores, command, options.prune ?? false, hooks).run();
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

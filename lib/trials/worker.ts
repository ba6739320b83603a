/**
 * One worker's way through trials: several side by side, each in a process of its own. Any number of workers may share one folder: a
 * trial is taken by one of them, and what a killed one left goes on from its checkpoint.
 */
import { existsSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentError, givenOptions, show } from '../errors/index.js';
import { type Claim, claimFolder, holderOf } from '../files/index.js';
import type { RunSize, TrialProgress } from '../progress/index.js';
import type { TrainResult } from '../runs/index.js';
import { capabilities } from '../runtime/index.js';
import type { TrainOptions } from '../settings/index.js';
import { trainInChild } from './child.js';
import { Room } from './memory.js';
import { type NeededSpace, Space } from './space.js';
import { stateOf } from './state.js';
import type { PlannedTrial, Whole } from './trial.js';

/** Where a worker reports to. */
export interface TrialHooks<T> {
  /** Before a trial is run; `epochs` are those that it has already. */
  onTrial?: (trial: T, epochs: number) => void;
  /** A trial that was finished before. */
  onKept?: (trial: T, result: TrainResult) => void;
  onProgress?: (trial: T, progress: TrialProgress) => void;
  /** What the trials that are not done will write, whenever the first of a kind has told its size. */
  onSpace?: ((needed: NeededSpace) => void) | undefined;
  onTrialDone?: (trial: T, result: TrainResult) => void;
  onTrialFailed?: (trial: T, error: Error) => void;
  /** A trial waits until another one has ended: it would not fit into memory. */
  onMemory?: (trial: T, neededMiB: number, availableMiB: number) => void;
  signal?: AbortSignal | undefined;
}

/** How a worker goes through its trials. */
export interface WorkerOptions<T> {
  /** What the trials are parts of, and its folder. */
  whole: Whole;
  out: string;
  /** Trials at once. Default 1. */
  jobs?: number | undefined;
  /** Threads that the trials share. Default: as many as the machine has. */
  cores?: number | undefined;
  /** Program and leading arguments that start the samebits command line. Default: that of this package. */
  command?: readonly string[] | undefined;
  /** Begin no further trial after one that failed. Default false. */
  endAtFailure?: boolean;
  /** What is done to a trial that was finished here, before anybody hears of it. */
  finish?: (trial: T) => void;
  /** Whether it is pruned then. Default false. */
  prunes?: boolean;
}

/** What became of the trials that a worker was asked for. */
export interface TrialsOutcome<T> {
  total: number;
  /** Finished now, and finished before. */
  ran: number;
  kept: number;
  /** Trials that other processes hold. */
  held: { trial: T; holder: string }[];
  failed: { trial: T; error: Error }[];
}

const mainFile = fileURLToPath(new URL('../cli/main.js', import.meta.url));
/** What starts the samebits command line of this package. */
export const ownCommand: readonly string[] = [process.execPath, mainFile];

/** Throws ArgumentError for a number of jobs or cores that is none. */
export function checkWorker(who: string, { jobs, cores }: { jobs?: unknown; cores?: unknown }): void {
  for (const [name, value] of Object.entries({ jobs, cores })) {
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1)) continue;
    throw new ArgumentError({ who: `${who} ${name}`, expected: 'an integer >= 1', got: show(value) });
  }
}

/**
 * Threads of a trial that does not say: the machine's shared out among those that run at once. The bits of a deterministic training do
 * not depend on them.
 */
export const threadsOf = ({ options, leastThreads }: PlannedTrial, jobs: number, cores: number): number =>
  options.threads ?? Math.max(leastThreads, Math.floor(cores / jobs));

/** Removes the mark of a trial that was taken, which a worker that was killed left. */
function forget(place: string): void {
  try {
    rmdirSync(place);
  } catch {
    // It is gone already, or another worker has taken the trial.
  }
}

class Worker<T extends PlannedTrial> {
  readonly #left: T[];
  readonly #room = new Room();
  readonly #space: Space;
  readonly #inside = new Set<T>();
  readonly #outcome: TrialsOutcome<T>;

  constructor(
    trials: readonly T[],
    private readonly options: WorkerOptions<T>,
    private readonly hooks: TrialHooks<T>,
  ) {
    this.#left = [...trials];
    this.#space = new Space(options.jobs ?? 1, options.prunes ?? false);
    this.#outcome = { total: trials.length, ran: 0, kept: 0, held: [], failed: [] };
  }

  async run(): Promise<TrialsOutcome<T>> {
    const { jobs = 1 } = this.options;
    const lanes = Array.from({ length: Math.min(jobs, this.#left.length) }, () => this.#lane());
    const settled = await Promise.allSettled(lanes);
    this.hooks.signal?.throwIfAborted();
    const broken = settled.find((one) => one.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    return this.#outcome;
  }

  #stopped = (): boolean =>
    this.hooks.signal?.aborted === true || (this.options.endAtFailure === true && this.#outcome.failed.length > 0);

  async #lane(): Promise<void> {
    for (let trial = this.#left.shift(); trial !== undefined; trial = this.#left.shift()) {
      if (this.#stopped()) return;
      await this.#take(trial);
    }
  }

  async #take(trial: T): Promise<void> {
    const place = `${join(this.options.out, trial.folder)}.taken`;
    if (this.#settled(trial, existsSync(place) ? holderOf(place) : undefined) === undefined) return;
    const onWait = (needed: number, free: number) => this.hooks.onMemory?.(trial, needed, free);
    await this.#room.enter(trial, { onWait, stopped: this.#stopped });
    try {
      if (!this.#stopped()) await this.#claim(trial, place);
    } finally {
      this.#room.leave(trial);
    }
  }

  async #claim(trial: T, place: string): Promise<void> {
    let claim: Claim;
    try {
      // Of those that look for work; the trainer claims its run folder itself.
      claim = claimFolder(this.options.whole, place);
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
      forget(place);
    }
  }

  /** Notes a trial that is done, or that another process holds; how far it is where it is to be run. */
  #settled(trial: T, taker: string | undefined): { epochs: number; begun: boolean } | undefined {
    const found = stateOf(this.options.whole, this.options.out, trial);
    if (found.state === 'done') {
      this.#outcome.kept += 1;
      this.#room.note(trial, found.result);
      this.hooks.onKept?.(trial, found.result);
      return undefined;
    }
    const holder = found.state === 'running' ? found.holder : taker;
    if (holder === undefined)
      return found.state === 'begun' ? { epochs: found.epochs, begun: true } : { epochs: 0, begun: false };
    this.#outcome.held.push({ trial, holder });
    return undefined;
  }

  async #train(trial: T, { epochs, begun }: { epochs: number; begun: boolean }): Promise<void> {
    const { out, jobs = 1, cores = capabilities().hardwareThreads, command = ownCommand, finish } = this.options;
    const { signal, onProgress, onTrial, onTrialDone, onTrialFailed } = this.hooks;
    const folder = join(out, trial.folder);
    const threads = threadsOf(trial, jobs, cores);
    // What a run names is followed where its user names it too: it may have been begun on another machine.
    const sources = givenOptions(trial.options, ['model', 'data', 'validation', 'weights']);
    const asked = begun ? { ...sources, resume: folder, threads } : { ...trial.options, threads, out: folder };
    onTrial?.(trial, epochs);
    this.#inside.add(trial);
    try {
      const result = await trainInChild(`trial ${trial.folder}`, asked as TrainOptions, {
        command,
        ...(signal && { signal }),
        onProgress: (progress) => {
          // One that goes on tells what is still to come.
          if (progress.kind === 'size' && !begun) this.#tellSpace(trial, progress.size);
          onProgress?.(trial, progress);
        },
      });
      this.#room.note(trial, result);
      finish?.(trial);
      this.#outcome.ran += 1;
      onTrialDone?.(trial, result);
    } catch (error) {
      if (signal?.aborted) return;
      this.#outcome.failed.push({ trial, error: error as Error });
      onTrialFailed?.(trial, error as Error);
    } finally {
      this.#inside.delete(trial);
    }
  }

  #tellSpace(trial: T, size: RunSize): void {
    if (!this.#space.note(trial, size) || this.hooks.onSpace === undefined) return;
    const { whole, out } = this.options;
    const left = this.#left.filter((one) => stateOf(whole, out, one).state !== 'done');
    this.hooks.onSpace(this.#space.neededBy([...this.#inside, ...left]));
  }
}

/**
 * Runs every trial that is not done and that no other process holds, and tells what became of them. Rejects with `signal.reason` if it
 * is stopped: the trials under way have a checkpoint then.
 */
export const runTrials = <T extends PlannedTrial>(
  trials: readonly T[],
  options: WorkerOptions<T>,
  hooks: TrialHooks<T> = {},
): Promise<TrialsOutcome<T>> => new Worker(trials, options, hooks).run();

/**
 * Runs an experiment: a study of one configuration in a folder of its own. Its worker is that of every study; a run that was stopped
 * goes on with what it has, and the result is the same as if it had never stopped.
 */
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { type Claim, claimFolder, version, writeWhole } from '../files/index.js';
import { expectExtra } from '../lazy/index.js';
import type { TrialProgress } from '../progress/index.js';
import { describeMachine, type TrainResult } from '../runs/index.js';
import { capabilities } from '../runtime/index.js';
import { checkWorker, type NeededSpace, runTrials, type TrialHooks } from '../trials/index.js';
import type { Definition } from './definition.js';
import { explainTrials } from './explained.js';
import { type Identity, openFolder } from './folder.js';
import type { FinishedTrial } from './measure.js';
import type { Result, Versions } from './result.js';
import { type ExperimentTrial, plannedTrials, type Trial } from './trials.js';
import { resultOfTrials } from './trials_result.js';

/** Where an experiment reports to while it runs. */
export interface ExperimentHooks {
  /** Before a trial; `kept` if it was finished earlier and is not run again. */
  onTrial?: (trial: Trial, index: number, total: number, kept: boolean) => void;
  onProgress?: (progress: TrialProgress, trial: Trial) => void;
  /** What the trials that are not done will write, whenever the first of a kind has told its size. */
  onSpace?: (needed: NeededSpace) => void;
  onTrialDone?: (trial: Trial, result: TrainResult) => void;
  /** All trials are done and the weights are being compared. */
  onMeasure?: () => void;
  /** Pictures are being explained by the runs. */
  onExplain?: () => void;
  /** What there is to say of all trials together. */
  onNote?: (note: string) => void;
  signal?: AbortSignal;
}

/** What the runner needs beside the definition. */
export interface RunnerOptions {
  /** Folder of the experiment; gone on with if it holds the same one. */
  out: string;
  /** Trials at once, which share the threads of the machine. Default 1: step times are those of a machine with nothing beside. */
  jobs?: number;
  /** Threads that the trials share. Default: as many as the machine has cores. */
  cores?: number;
  /** The caller's claim on `out`; absent means that it is claimed here. */
  claim?: Claim;
  /** Program and leading arguments that start the samebits command line. Default: that of this package. */
  command?: readonly string[];
  /** Default: those of this process. */
  versions?: Versions;
  /** Time the experiment starts, kept if it started earlier. Default now. */
  startedAt?: string;
}

/** The options with what is not given. */
const complete = (options: RunnerOptions): Runner => ({
  versions: { samebits: version, contract: capabilities().contract, node: process.version },
  startedAt: new Date().toISOString(),
  ...options,
});

type Runner = RunnerOptions & Required<Pick<RunnerOptions, 'versions' | 'startedAt'>>;

/** The hooks of an experiment as its worker calls them, which also hands every result to `done`. */
function workerHooks(
  trials: readonly ExperimentTrial[],
  { onTrial, onProgress, onSpace, onTrialDone, signal }: ExperimentHooks,
  done: (trial: ExperimentTrial, result: TrainResult) => void,
): TrialHooks<ExperimentTrial> {
  const began = (trial: ExperimentTrial, kept: boolean) => onTrial?.(trial, trials.indexOf(trial), trials.length, kept);
  const ended = (trial: ExperimentTrial, result: TrainResult) => {
    done(trial, result);
    onTrialDone?.(trial, result);
  };
  return {
    signal,
    onSpace,
    onTrial: (trial) => began(trial, false),
    onKept: (trial, result) => {
      began(trial, true);
      ended(trial, result);
    },
    onProgress: (trial, progress) => onProgress?.(progress, trial),
    onTrialDone: ended,
  };
}

/** Runs what is left. All trials are needed, and what one stumbles over the others would too: the first that fails ends it. */
async function finishTrials(
  definition: Definition,
  { out, jobs, cores, command }: Runner,
  hooks: ExperimentHooks,
): Promise<FinishedTrial[]> {
  const trials = plannedTrials(definition);
  const results = new Map<ExperimentTrial, TrainResult>();
  const options = { whole: 'experiment', out, jobs, cores, command, endAtFailure: true } as const;
  const watched = workerHooks(trials, hooks, (trial, result) => results.set(trial, result));
  const { failed, held } = await runTrials(trials, options, watched);
  if (failed[0] !== undefined) throw failed[0].error;
  if (held[0] !== undefined) {
    const got = `${show(join(out, held[0].trial.folder))}, held by ${held[0].holder}`;
    const hint = 'wait until it has ended; the same command goes on then';
    throw new ArgumentError({ who: 'compare', expected: 'a folder that no other process works in', got, hint });
  }
  return trials.map((trial) => ({ folder: join(out, trial.folder), trial, result: results.get(trial)! }));
}

/**
 * Runs every trial of `definition` that is not there yet, compares them, and writes `result.json`. Throws ArgumentError if `out`
 * holds something else or another process works there, PackageError where the packages for statistics are not installed, the trial's
 * error if one fails (finished trials stay), and `signal.reason` if it is stopped. `writeReport` makes pages of its folder.
 * Example: `await runExperiment(defineExperiment({ model: 'keras_convnet', data: 'photos' }), { out: 'runs/both' })`.
 */
export async function runExperiment(
  definition: Definition,
  options: RunnerOptions,
  hooks: ExperimentHooks = {},
): Promise<Result> {
  checkWorker('runExperiment', options);
  expectExtra('statistics');
  if (options.claim !== undefined) return runClaimed(definition, complete(options), hooks);
  using _claim = claimFolder('runExperiment out', options.out);
  return await runClaimed(definition, complete(options), hooks);
}

async function runClaimed(definition: Definition, options: Runner, hooks: ExperimentHooks): Promise<Result> {
  const { versions, startedAt } = options;
  const wanted: Identity = { definition, machine: describeMachine(), versions, startedAt };
  const { identity, leave } = openFolder(options.out, wanted);
  let finished: FinishedTrial[];
  try {
    finished = await finishTrials(definition, options, hooks);
  } catch (error) {
    leave();
    throw error;
  }
  hooks.onMeasure?.();
  const compared = finished.filter(({ trial }) => trial.threads === undefined);
  const measured = resultOfTrials(identity, finished);
  const explained = await explainTrials(definition, compared, options.out, {
    onExplain: hooks.onExplain,
    onNote: hooks.onNote,
  });
  const result: Result = { ...measured, explained };
  writeWhole(join(options.out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

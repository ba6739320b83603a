/**
 * Runs an experiment: every trial in its own process, one after the other, each kept as soon as it is done. A run that
 * was stopped goes on with the trials it has; the result is the same as if it had never stopped.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Claim, claimFolder, version, writeWhole } from '../files/index.js';
import { expectExtra } from '../lazy/index.js';
import type { TrialProgress } from '../progress/index.js';
import { describeMachine, type TrainResult } from '../runs/index.js';
import { capabilities } from '../runtime/index.js';
import { trainInChild } from './child.js';
import type { Definition } from './definition.js';
import { explainTrials } from './explained.js';
import { clearTrial, finishedTrial, type Identity, openFolder } from './folder.js';
import type { FinishedTrial } from './measure.js';
import type { Result, Versions } from './result.js';
import { type Trial, trainOptionsOf, trialsOf } from './trials.js';
import { resultOfTrials } from './trials_result.js';

/** Where an experiment reports to while it runs. */
export interface ExperimentHooks {
  /** Before a trial; `kept` if it was finished earlier and is not run again. */
  onTrial?: (trial: Trial, index: number, total: number, kept: boolean) => void;
  onProgress?: (progress: TrialProgress) => void;
  onTrialDone?: (trial: Trial, result: TrainResult) => void;
  /** All trials are done and the weights are being compared. */
  onMeasure?: () => void;
  /** Pictures are being explained by the runs. */
  onExplain?: () => void;
  signal?: AbortSignal;
}

/** What the runner needs beside the definition. */
export interface RunnerOptions {
  /** Folder of the experiment; gone on with if it holds the same one. */
  out: string;
  /** The caller's claim on `out`; absent means that it is claimed here. */
  claim?: Claim;
  /** Program and leading arguments that start the samebits command line. Default: that of this package. */
  command?: readonly string[];
  /** Default: those of this process. */
  versions?: Versions;
  /** Time the experiment starts, kept if it started earlier. Default now. */
  startedAt?: string;
}

const mainFile = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** The options with what is not given. */
const complete = (options: RunnerOptions): Runner => ({
  command: [process.execPath, mainFile],
  versions: { samebits: version, contract: capabilities().contract, node: process.version },
  startedAt: new Date().toISOString(),
  ...options,
});

type Runner = RunnerOptions & Required<Pick<RunnerOptions, 'command' | 'versions' | 'startedAt'>>;

async function runTrial(
  definition: Definition,
  trial: Trial,
  options: Runner,
  hooks: ExperimentHooks,
): Promise<TrainResult> {
  const folder = join(options.out, trial.folder);
  const { signal, onProgress } = hooks;
  clearTrial(options.out, trial);
  try {
    return await trainInChild(`trial ${trial.folder}`, trainOptionsOf(definition, trial, folder), {
      command: options.command,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
  } catch (error) {
    clearTrial(options.out, trial);
    throw error;
  }
}

async function runTrials(definition: Definition, options: Runner, hooks: ExperimentHooks): Promise<FinishedTrial[]> {
  const trials = trialsOf(definition);
  const finished: FinishedTrial[] = [];
  for (const [index, trial] of trials.entries()) {
    const kept = finishedTrial(options.out, trial, definition);
    hooks.onTrial?.(trial, index, trials.length, kept !== null);
    const result = kept ?? (await runTrial(definition, trial, options, hooks));
    finished.push({ folder: join(options.out, trial.folder), trial, result });
    hooks.onTrialDone?.(trial, result);
  }
  return finished;
}

/**
 * Runs every trial of `definition` that is not there yet, compares them, and writes `result.json`. Throws
 * ArgumentError if `out` holds something else or another process works there, PackageError where the packages for statistics are not installed, the trial's error if one fails (finished
 * trials stay), and `signal.reason` if it is stopped. `writeReport` makes pages of its folder.
 * Example: `await runExperiment(defineExperiment({ model: 'keras_convnet', data: 'photos' }), { out: 'runs/both' })`.
 */
export async function runExperiment(
  definition: Definition,
  options: RunnerOptions,
  hooks: ExperimentHooks = {},
): Promise<Result> {
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
    finished = await runTrials(definition, options, hooks);
  } catch (error) {
    leave();
    throw error;
  }
  hooks.onMeasure?.();
  const compared = finished.filter(({ trial }) => trial.threads === undefined);
  const measured = resultOfTrials(identity, finished);
  const explained = await explainTrials(definition, compared, options.out, {
    onExplain: hooks.onExplain,
    onNote: (note) => hooks.onProgress?.({ kind: 'note', note }),
  });
  const result: Result = { ...measured, explained };
  writeWhole(join(options.out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

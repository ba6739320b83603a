/**
 * The trials of an experiment, in the order they are run. Modes take turns (deterministic, atomic, deterministic,
 * atomic, ...) so that a machine that grows warm or busy slows both alike and step times stay comparable.
 */
import type { Mode } from '../runtime/index.js';
import { type TrainOptions, withDefaults } from '../settings/index.js';
import { leastThreadsOf, type PlannedTrial } from '../trials/index.js';
import type { Definition } from './definition.js';

/** One training of an experiment: the `run`-th (from 1) of its mode, or one with a number of threads of its own. */
export interface Trial {
  mode: Mode;
  run: number;
  /** Threads of this trial, where they are not those of all. */
  threads?: number;
  /** Folder name inside the experiment's folder. */
  folder: string;
}

/** All trials of a definition: modes taking turns, then a deterministic run with each number of threads asked for. */
export function trialsOf({ modes, runs, threadCounts = [] }: Definition): Trial[] {
  const compared = Array.from({ length: runs }, (_, index) => index + 1).flatMap((run) =>
    modes.map((mode) => ({ mode, run, folder: `${mode}-${String(run).padStart(2, '0')}` })),
  );
  const threaded = threadCounts.map((threads): Trial => {
    return { mode: 'deterministic', run: 1, threads, folder: `threads-${String(threads).padStart(2, '0')}` };
  });
  return [...compared, ...threaded];
}

/**
 * What the trainer is asked to do in a trial that keeps its files in `out`. Atomic kernels and seeded arrival belong to
 * the atomic trials, each of which has the next seed; `run` is 1 if not given.
 */
export function trainOptionsOf(
  definition: Definition,
  trial: Pick<Trial, 'mode' | 'threads'> & { run?: number },
  out?: string,
): TrainOptions {
  const { modes, runs, explain, threadCounts, growthSteps, atomic, arrivalSeed, ...settings } = definition;
  const { mode, threads, run = 1 } = trial;
  // Trainings with threads of their own are compared by their hashes.
  const keepSteps = out === undefined || threads !== undefined ? undefined : growthSteps;
  const common = {
    ...settings,
    ...(threads !== undefined && { threads }),
    ...(out !== undefined && { out }),
    ...(keepSteps && { keepSteps }),
  };
  if (mode === 'deterministic') return { ...common, mode };
  const arrival = arrivalSeed === undefined ? {} : { arrivalSeed: arrivalSeed + run - 1 };
  return { ...common, ...(atomic === undefined ? { mode } : { mode: 'deterministic', atomic }), ...arrival };
}

/** A trial with what its trainer is asked. */
export type ExperimentTrial = Trial & PlannedTrial;

/** All trials of a definition with what each is asked. One of some number of threads takes memory of its own. */
export const plannedTrials = (definition: Definition): ExperimentTrial[] =>
  trialsOf(definition).map((trial) => ({
    ...trial,
    leastThreads: leastThreadsOf(definition.modes.includes('atomic'), definition.arrivalSeed),
    configuration: { name: trial.threads === undefined ? definition.model : trial.folder },
    options: withDefaults(trainOptionsOf(definition, trial, trial.folder)),
  }));

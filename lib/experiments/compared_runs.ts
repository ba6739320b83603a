/** Finished trainings of one kind, compared as an experiment compares its trials. */
import { version } from '../files/index.js';
import type { FoundRun } from './found_runs.js';
import { type FinishedTrial, priceOf, targetOf } from './measure.js';
import type { Result, TargetResult } from './result.js';
import { statisticsOfTargets } from './statistics.js';
import { drawsOf } from './trials_result.js';

/** The runs as trials of the runs' own modes. */
const trialsOf = (runs: readonly FoundRun[]): FinishedTrial[] =>
  runs.map(({ folder, name, mode, result }, i) => ({ folder, result, trial: { mode, run: i + 1, folder: name } }));

/** `cpu/avx2+scalar/deterministic`: what the targets of some runs have, part by part. */
function targetName(runs: readonly FoundRun[], mode: string): string {
  const parts = runs.map(({ result }) => result.target.split('/'));
  const together = (part: number) => [...new Set(parts.map((words) => words[part]!))].join('+');
  return `${together(0)}/${together(1)}/${mode}`;
}

/** Runs of each mode among themselves; where a mode has one run alone, all of them together. */
function targetsOf(runs: readonly FoundRun[]): Record<string, TargetResult> {
  const byMode = (['deterministic', 'atomic'] as const).map((mode) => runs.filter((run) => run.mode === mode));
  const groups = byMode.filter(({ length }) => length > 0);
  const apart = groups.every(({ length }) => length > 1);
  const compared = (group: readonly FoundRun[], mode: TargetResult['mode']): [string, TargetResult] => [
    targetName(group, mode),
    { ...targetOf(trialsOf(group), mode), names: group.map(({ name }) => name) },
  ];
  return Object.fromEntries(apart ? groups.map((group) => compared(group, group[0]!.mode)) : [compared(runs, 'mixed')]);
}

/** What two or more runs that agree in all that decides their bits differ in, as the Result of an experiment. */
export function compareFound(runs: readonly FoundRun[]): Result {
  const [first] = runs;
  const { result, environment, startedAt } = first!;
  const { mode: _, atomic, arrivalSeed, out, resume, ...settings } = result.settings;
  const targets = targetsOf(runs);
  const modes = [...new Set(runs.map(({ mode }) => mode))];
  const { node = 'unknown', compiler: _compiler, ...machine } = environment ?? { ...unknownMachine };
  return {
    experiment: 'runs',
    contract: result.contract,
    definition: { ...settings, epochs: result.epochs.length, modes, runs: runs.length },
    machine,
    versions: { samebits: version, contract: result.contract, node },
    startedAt,
    targets,
    price: priceOf(targets, drawsOf(result.seed, 0)),
    statistics: statisticsOfTargets(targets, drawsOf(result.seed, 1)),
    explained: null,
    threadRuns: [],
  };
}

/** Where a run without a receipt ran. */
export const unknownMachine = {
  ...{ cpu: 'unknown processor', cores: 0, memoryMiB: 0, platform: 'unknown', arch: '', osRelease: '' },
  ...{ node: 'unknown', compiler: '' },
};

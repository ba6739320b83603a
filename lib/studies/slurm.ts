/**
 * A study's trials as tasks of Slurm job arrays, one task a trial. All that tasks share is the study's folder: a task reads the plan
 * there, takes its trial by name, and leaves what any worker leaves. Before its time is over it is told by SIGTERM (never SIGUSR1, at
 * which Node opens its inspector), ends with a checkpoint, and has itself queued again.
 */
import { chmodSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentError, show } from '../errors/index.js';
import { makeFolders, writeWhole } from '../files/index.js';
import { noteArray } from './accounting.js';
import { openStudy, stateOf } from './folder.js';
import { checkModels } from './models.js';
import type { Plan } from './plan.js';
import { type SubmittedArray, slurm } from './slurm_command.js';
import { type StudyTrial, studyTrials } from './trials.js';

/** How tasks are asked of Slurm. */
export interface SlurmOptions {
  /** Folder of the study, on a file system that the nodes share. */
  out: string;
  partition?: string;
  /** Time limit of a task, as Slurm writes it: `2:00:00`. A longer trial goes on from its checkpoint in the next one. */
  time?: string;
  account?: string;
  /** Processors of a task, which its trial has as threads. Default 2. */
  cpus?: number;
  /** Tasks at once; absent means as many as the cluster gives. */
  jobs?: number;
  /** Further arguments of sbatch, as they are: `--gres=gpu:1`. */
  flags?: readonly string[];
  /** Seconds before the time limit at which a task is told to end with a checkpoint. Default 120. */
  grace?: number;
  /** Program and leading arguments that start the samebits command line on a node. Default: those of this process. */
  command?: readonly string[];
}

const who = 'slurm';
const mainFile = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** A word as the shell reads it back. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Tasks that one array may have: ids are below MaxArraySize, and ours begin at 1. */
async function mostTasks(): Promise<number> {
  const told = /^MaxArraySize\s*=\s*(\d+)$/m.exec(await slurm('scontrol', ['show', 'config']))?.[1];
  return Math.max(1, Number(told ?? 1001) - 1);
}

/** What a task does. */
function script(options: { names: string; out: string; command: readonly string[] }): string {
  const { names, out, command } = options;
  const words = [...command, 'study', 'run', out, '--out', out].map(quoted).join(' ');
  return `#!/bin/bash
# A task of a study, one trial each; its array was submitted by samebits study run --executor slurm.
if [ ! -f ${quoted(join(out, 'study.json'))} ]; then
  echo "samebits: expected the folder of the study on this node, got none: "${quoted(out)}" has to be on a file system that all nodes share" >&2
  exit 2
fi
trial=$(sed -n "\${SLURM_ARRAY_TASK_ID}p" ${quoted(names)})
${words} --only "$trial" --cores "\${SLURM_CPUS_PER_TASK:-1}" &
worker=$!
# The time is nearly over: the trial ends with a checkpoint, and goes on when the task has its turn again.
again() {
  kill -TERM "$worker" 2>/dev/null
  wait "$worker"
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
  exit 0
}
trap again TERM
wait "$worker"
`;
}

function checked({ cpus = 2, jobs, grace = 120 }: SlurmOptions): void {
  for (const [name, value, least] of [
    ['cpus', cpus, 1],
    ['jobs', jobs ?? 1, 1],
    ['grace', grace, 1],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new ArgumentError({ who, expected: `${name} to be an integer >= ${least}`, got: show(value) });
  }
}

function argumentsFor(options: SlurmOptions, count: number, folder: string, plan: Plan): string[] {
  const { partition, time, account, cpus = 2, jobs, flags = [], grace = 120 } = options;
  return [
    '--parsable',
    '--requeue',
    `--job-name=${plan.name.replaceAll(/[^\w.-]+/g, '-')}`,
    `--array=1-${count}${jobs === undefined ? '' : `%${jobs}`}`,
    `--cpus-per-task=${cpus}`,
    `--signal=B:TERM@${grace}`,
    // A task that is queued again writes on in its file.
    '--open-mode=append',
    `--output=${join(folder, '%A_%a.log')}`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...flags,
    join(folder, 'task.sh'),
  ];
}

const open = (out: string, trials: readonly StudyTrial[]) =>
  trials.filter((trial) => !['done', 'running'].includes(stateOf(out, trial).state));

/**
 * Submits every trial of a plan that is not done and that nobody holds, as job arrays no larger than the cluster takes, and resolves
 * with their numbers. `sbatch` says no more than that they are queued: `waitForStudy` and `study status` read how far they are. Rejects
 * with ArgumentError for a plan or an option that cannot be and where Slurm is not there, NativeError in the words of Slurm where it
 * refuses.
 */
export async function submitStudy(plan: Plan, options: SlurmOptions): Promise<SubmittedArray[]> {
  checked(options);
  await checkModels(studyTrials(plan));
  const most = await mostTasks();
  const out = resolve(options.out);
  const trials = open(out, openStudy(out, plan));
  const submitted: SubmittedArray[] = [];
  for (let first = 0; first < trials.length; first += most) {
    const names = trials.slice(first, first + most).map(({ folder }) => folder);
    const folder = join(out, 'slurm', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${submitted.length + 1}`);
    makeFolders(folder);
    const list = join(folder, 'trials.txt');
    writeWhole(list, names.map((name) => `${name}\n`).join(''));
    const { command = [process.execPath, mainFile] } = options;
    const task = join(folder, 'task.sh');
    writeWhole(task, script({ names: list, out, command }));
    chmodSync(task, 0o755);
    const said = await slurm('sbatch', argumentsFor(options, names.length, folder, plan));
    // `job`, or `job;cluster` where there are several.
    const array = { job: said.trim().split(';')[0]!, trials: names };
    noteArray(folder, array);
    submitted.push(array);
  }
  return submitted;
}

const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

/**
 * Waits until the files of all submitted trials are there, or no task of their arrays is queued or runs any more, and resolves with
 * the trials that are not done. What counts is the folder, not what Slurm says.
 */
export async function waitForStudy(
  out: string,
  plan: Plan,
  arrays: readonly SubmittedArray[],
  { everySeconds = 5, signal }: { everySeconds?: number; signal?: AbortSignal } = {},
): Promise<string[]> {
  const wanted = new Set(arrays.flatMap(({ trials }) => trials));
  const trials = studyTrials(plan).filter(({ folder }) => wanted.has(folder));
  const left = () => trials.filter((trial) => stateOf(out, trial).state !== 'done').map(({ folder }) => folder);
  // A file may be seen on this machine a while after its task has left the queue.
  for (let quiet = 0; quiet < 3 && existsSync(out); ) {
    signal?.throwIfAborted();
    if (left().length === 0) return [];
    const jobs = arrays.map(({ job }) => job).join(',');
    const queued = await slurm('squeue', ['--noheader', '--format=%i', '--jobs', jobs]).catch(() => '');
    quiet = queued.trim() === '' ? quiet + 1 : 0;
    await pause(everySeconds);
  }
  return left();
}

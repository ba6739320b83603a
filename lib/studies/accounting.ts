/**
 * What Slurm's accounting says of a study's tasks, where a cluster keeps one: how often each was begun, its time, memory and the energy
 * that the cluster counts. The arrays that were submitted lie in the study's folder, so anybody who shares it can ask.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { FileError, show } from '../errors/index.js';
import { contentsOf, readJson, writeWhole } from '../files/index.js';
import { lazySchema } from '../lazy/index.js';
import { type SubmittedArray, slurm } from './slurm_command.js';

/** What the accounting says of the tasks of a trial, those that were put back among them. */
export interface AccountedTrial {
  trial: string;
  /** As `17_1`, an array and a task of it, one for each submission. */
  tasks: string[];
  /** How often a task of it was begun, and how the last one ended, in Slurm's words. */
  begun: number;
  state: string;
  nodes: string[];
  elapsedSeconds: number;
  /** Processor seconds that were used, and the largest memory; null where the cluster does not gather them. */
  cpuSeconds: number | null;
  maxMemoryMiB: number | null;
  /** Energy, null where the cluster counts none. Of whole nodes, where a task does not have one alone. */
  joules: number | null;
}

/** The accounting of a study, or why there is none. */
export type Accounting = { trials: AccountedTrial[] } | { missing: string };

const arrayFile = 'submitted.json';
const keptFile = (study: string): string => join(study, 'slurm', 'accounting.json');
const submittedSchema = lazySchema((z) => z.strictObject({ job: z.string(), trials: z.array(z.string()) }));
const keptSchema = lazySchema((z) => {
  const number = z.number().nullable();
  const words = z.array(z.string());
  return z.array(
    z.strictObject({
      ...{ trial: z.string(), tasks: words, begun: z.number(), state: z.string(), nodes: words },
      ...{ elapsedSeconds: z.number(), cpuSeconds: number, maxMemoryMiB: number, joules: number },
    }),
  );
});

/** Notes in the folder of an array that it was submitted. */
export const noteArray = (folder: string, array: SubmittedArray): void =>
  writeWhole(join(folder, arrayFile), `${JSON.stringify(array, null, 2)}\n`);

/** What a file of a study's `slurm` folder holds. Throws FileError for a file of something else. */
function parsed<T>(schema: z.ZodType<T>, path: string): T {
  const { success, data, error } = schema.safeParse(readJson(path));
  if (success) return data;
  const got = `no valid ${error.issues[0]!.path.map(String).join('.') || 'list'}`;
  throw new FileError({ who: 'slurm', expected: `what was submitted or accounted in ${show(path)}`, got });
}

/** The arrays of a study that were submitted, in their order. */
function arraysOf(study: string): SubmittedArray[] {
  const folder = join(study, 'slurm');
  if (!existsSync(folder)) return [];
  const files = contentsOf(folder).map((name) => join(folder, name, arrayFile));
  return files
    .filter((file) => existsSync(file))
    .sort()
    .map((file) => parsed(submittedSchema(), file));
}

const fields = [
  ...['JobID', 'State', 'ElapsedRaw', 'TotalCPU', 'MaxRSS', 'ConsumedEnergyRaw', 'NodeList', 'Start'],
] as const;
type Field = (typeof fields)[number];
type Row = Readonly<Record<Field, string>>;

/** Seconds of Slurm's `[DD-[HH:]]MM:SS[.mmm]`; null for what is no time. */
export function slurmSeconds(text: string): number | null {
  const found = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (found === null) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** MiB of Slurm's `2048K`, `12M` or bytes; null for nothing. */
export function slurmMiB(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text);
  if (found === null) return null;
  const power = ['', 'K', 'M', 'G', 'T'].indexOf(found[2]!);
  return (Number(found[1]) * 1024 ** power) / 2 ** 20;
}

const positive = (value: number | null): number[] => (value !== null && value > 0 ? [value] : []);
const sumOrNone = (values: readonly number[]) => (values.length === 0 ? null : values.reduce((a, b) => a + b, 0));
const mostOrNone = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b));

/** The trials of arrays out of what `sacct --parsable2` printed: a line a task, and a line a step such as `17_1.batch` behind it. */
export function accountedTrials(printed: string, arrays: readonly SubmittedArray[]): AccountedTrial[] {
  const rows = printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('|');
      return Object.fromEntries(fields.map((field, i) => [field, cells[i] ?? ''])) as Row;
    });
  const taskOf = new Map<string, string[]>();
  for (const { job, trials } of arrays) {
    trials.forEach((trial, i) => {
      taskOf.set(trial, [...(taskOf.get(trial) ?? []), `${job}_${i + 1}`]);
    });
  }
  return [...taskOf].flatMap(([trial, tasks]) => {
    const of = rows.filter(({ JobID }) => tasks.includes(JobID.split('.')[0]!));
    const begun = of.filter(({ JobID, Start }) => !JobID.includes('.') && /^\d/.test(Start));
    if (begun.length === 0) return [];
    // Time of the processor and energy stand with the task and with its steps; memory with the steps alone.
    const ofTasks = (read: (row: Row) => number | null) => begun.flatMap((row) => positive(read(row)));
    const ofSteps = (read: (row: Row) => number | null) => of.flatMap((row) => positive(read(row)));
    return [
      {
        ...{ trial, tasks, begun: begun.length, state: begun.at(-1)!.State.split(' ')[0]! },
        nodes: [...new Set(begun.map(({ NodeList }) => NodeList))].filter((node) => node !== ''),
        elapsedSeconds: begun.reduce((sum, { ElapsedRaw }) => sum + Number(ElapsedRaw), 0),
        cpuSeconds: sumOrNone(ofTasks(({ TotalCPU }) => slurmSeconds(TotalCPU))),
        maxMemoryMiB: mostOrNone(ofSteps(({ MaxRSS }) => slurmMiB(MaxRSS))),
        joules: sumOrNone(
          ofTasks(({ ConsumedEnergyRaw }) => (ConsumedEnergyRaw === '' ? null : Number(ConsumedEnergyRaw))),
        ),
      },
    ];
  });
}

/**
 * Asks Slurm's accounting of all arrays of a study, and keeps what it says in the study's folder: a machine without Slurm has it too, and
 * so has everybody once the cluster has forgotten old jobs. Undefined for a study that was never submitted. An accounting that is not
 * there says why; rejects with FileError for files of something else, and for a folder that cannot be written.
 */
export async function accountingOf(study: string): Promise<Accounting | undefined> {
  const arrays = arraysOf(study);
  if (arrays.length === 0) return undefined;
  const path = keptFile(study);
  const before: AccountedTrial[] = existsSync(path) ? parsed(keptSchema(), path) : [];
  const jobs = arrays.map(({ job }) => job).join(',');
  const asked = ['--parsable2', '--noheader', '--duplicates', `--jobs=${jobs}`, `--format=${fields.join(',')}`];
  let printed: string;
  try {
    printed = await slurm('sacct', asked);
  } catch (error) {
    return before.length > 0 ? { trials: before } : { missing: (error as Error).message };
  }
  const now = accountedTrials(printed, arrays);
  const told = new Set(now.map(({ trial }) => trial));
  const trials = [...now, ...before.filter(({ trial }) => !told.has(trial))];
  if (trials.length === 0) return { missing: 'sacct tells of none of the arrays that were submitted' };
  writeWhole(path, `${JSON.stringify(trials, null, 2)}\n`);
  return { trials };
}

/**
 * Who holds a folder: a process, told apart from every other one, and whether it still runs. A number of a process is
 * given out again, so the time it began counts too; what cannot be seen from here is called neither alive nor dead.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { z } from 'zod';
import { lazySchema } from '../lazy/index.js';

const schema = lazySchema((z) =>
  z.strictObject({
    pid: z.int().min(1),
    /** Time the process began, in the system's clock ticks; empty where the system does not tell. */
    began: z.string(),
    host: z.string(),
    /** What tells hosts of one name, starts of one host and containers of one start apart; empty where not told. */
    machine: z.string(),
    boot: z.string(),
    space: z.string(),
    /** The task of a cluster that it is, and how often that was begun again; absent where there is none. */
    job: z.strictObject({ id: z.string().min(1), attempt: z.int().min(0) }).exactOptional(),
    /** Of this one claim. */
    token: z.string().min(1),
    since: z.string(),
  }),
);

/** A process that holds something. */
export type Owner = z.infer<ReturnType<typeof schema>>;

const told = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return ''; // not every system has this file
  }
};

const whereabouts = (): Pick<Owner, 'host' | 'machine' | 'boot' | 'space'> => ({
  host: hostname(),
  machine: told(() => readFileSync('/etc/machine-id', 'utf8')),
  boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  space: told(() => readlinkSync('/proc/self/ns/pid')),
});

/** State and time of beginning of a process, as /proc tells them; undefined where it does not. */
function statOf(pid: number): { state: string; began: string } | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name of the program, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, began] = [fields[0], fields[19]];
  return state && began ? { state, began } : undefined;
}

/** The task of Slurm that this process belongs to: a task that is begun again keeps its number, and its former process is gone. */
function jobHere(): Pick<Owner, 'job'> {
  const { SLURM_JOB_ID: id = '', SLURM_RESTART_COUNT: attempt = '0' } = process.env;
  return id === '' ? {} : { job: { id, attempt: Number.parseInt(attempt, 10) || 0 } };
}

/** This process, with a token of its own for each call. */
export function thisOwner(): Owner {
  const began = statOf(process.pid)?.began ?? '';
  return {
    pid: process.pid,
    began,
    ...whereabouts(),
    ...jobHere(),
    token: randomUUID(),
    since: new Date().toISOString(),
  };
}

/** The owner that a text names; undefined for none. */
export function parseOwner(text: string): Owner | undefined {
  try {
    return schema().safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // no JSON
  }
}

/** Whether a process of this number runs on this system. */
export function processRuns(pid: number): boolean {
  const state = statOf(pid)?.state;
  if (state !== undefined) return state !== 'Z' && state !== 'X';
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether an owner runs, as far as it can be seen from here. */
export function fateOf(owner: Owner): 'alive' | 'dead' | 'unseen' {
  const here = whereabouts();
  const { job } = jobHere();
  if (job !== undefined && owner.job?.id === job.id && owner.job.attempt < job.attempt) return 'dead';
  if (owner.host !== here.host || owner.machine !== here.machine) return 'unseen';
  if (owner.boot !== here.boot) return 'dead'; // this host was started anew since
  if (owner.space !== here.space) return 'unseen';
  if (!processRuns(owner.pid)) return 'dead';
  const began = statOf(owner.pid)?.began;
  return began === undefined || began === owner.began ? 'alive' : 'dead';
}

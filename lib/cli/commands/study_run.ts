/** `samebits study run`: the trials that are not done, here or through Slurm. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, givenOptions } from '../../errors/index.js';
import { openProgress } from '../../progress/index.js';
import type { Plan, Shard, StudyHooks, StudyOutcome } from '../../studies/index.js';
import { exitCodes } from '../exit_codes.js';
import { Stopped } from '../failure.js';
import { printJson } from '../json.js';
import { refusing, spaceTeller } from '../space.js';
import { interruptSignal } from '../stop.js';

const load = () => import('../../studies/index.js');

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What became of the trials, in a sentence. */
function outcomeText({ total, ran, kept, held, failed }: StudyOutcome, out: string): string {
  const parts = [
    `${plural(total, 'trial')}: ${ran} finished now`,
    ...(kept > 0 ? [`${kept} finished before`] : []),
    ...(held.length > 0 ? [`${held.length} held by other processes`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ];
  return `${parts.join(', ')}; study status ${out}`;
}

/** What is asked of `study run`. */
export interface RunOptions {
  out?: string;
  jobs?: number;
  shard?: Shard;
  only?: string[];
  cores?: number;
  prune?: true;
  executor: 'local' | 'slurm';
  partition?: string;
  time?: string;
  account?: string;
  cpus?: number;
  sbatch?: string[];
  wait?: true;
  json?: true;
}

const ofSlurm = ['partition', 'time', 'account', 'cpus', 'sbatch', 'wait'] as const;
const ofWorker = ['shard', 'only', 'cores', 'prune'] as const;

/** Refuses an option that the executor has no use for. */
function checkExecutor(options: RunOptions): void {
  const [useless, other] = options.executor === 'slurm' ? [ofWorker, 'local'] : [ofSlurm, 'slurm'];
  const name = useless.find((one) => options[one] !== undefined);
  if (name !== undefined)
    throw new ArgumentError({
      who: `--${name}`,
      expected: `--executor ${other} beside it`,
      got: `--executor ${options.executor}`,
    });
}

/** Hands the trials to Slurm, and waits for their files where that is asked for. */
async function submit(plan: Plan, out: string, options: RunOptions): Promise<void> {
  const { submitStudy, waitForStudy } = await load();
  const { sbatch: flags } = options;
  const given = givenOptions(options, ['jobs', 'partition', 'time', 'account', 'cpus']);
  const arrays = await submitStudy(plan, { out, ...given, ...(flags && { flags }) });
  const trials = arrays.reduce((sum, one) => sum + one.trials.length, 0);
  const told = `${plural(trials, 'trial')} submitted as ${arrays.map(({ job }) => `job ${job}`).join(', ') || 'no job'}; study status ${out}`;
  if (!options.wait) {
    if (options.json) printJson('study-submit', { arrays });
    else process.stdout.write(`${told}\n`);
    return;
  }
  process.stderr.write(`${told}\n`);
  const { signal, release } = interruptSignal(
    () => new Stopped(`stopped waiting; the tasks go on: study status ${out}`),
  );
  try {
    const left = await waitForStudy(out, plan, arrays, { signal });
    const text =
      left.length === 0
        ? 'all done'
        : `${left.length} not done: ${left.join(', ')}; their logs are in ${join(out, 'slurm')}`;
    if (options.json) printJson('study-submit', { arrays, left });
    else process.stdout.write(`${text}\n`);
    if (left.length > 0) process.exitCode = exitCodes.failed;
  } finally {
    release();
  }
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** Runs `study run`. */
export async function runStudyCommand(file: string, options: RunOptions): Promise<void> {
  const { out = isFolder(file) ? file : undefined, jobs = 1, json } = options;
  if (out === undefined) throw new ArgumentError({ who: '--out', expected: 'a value', got: 'none' });
  checkExecutor(options);
  const { plan } = await planOf(file);
  if (options.executor === 'slurm') return submit(plan, out, options);
  const { runStudy } = await load();
  const progress = openProgress();
  const { release, ...interrupt } = interruptSignal(
    () => new Stopped(`stopped by hand; go on with the same command, or see study status ${out}`),
  );
  const { signal, refuse } = refusing(interrupt.signal);
  const hooks: StudyHooks = {
    signal,
    onTrial: ({ folder }, epochs) => progress.line(`${folder}${epochs > 0 ? `: goes on after epoch ${epochs}` : ''}`),
    onTrialDone: ({ folder }, result) => progress.line(`${folder}: done, weights ${result.weightsHash}`),
    onTrialFailed: ({ folder }, error) =>
      progress.line(`${folder}: failed: ${error.message.replace(/^samebits: /, '')}`),
    onMemory: ({ folder }, needed, free) =>
      progress.line(`${folder}: waits for memory, ${Math.round(needed)} MiB of which ${Math.round(free)} are free`),
    onSpace: spaceTeller({
      ...{ who: 'study', folder: out, refuse, line: progress.line },
      smaller: 'ask for fewer trials or epochs, or for --prune',
    }),
    onProgress: ({ folder }, message) => {
      if (message.kind === 'note') progress.line(`${folder}: ${message.note}`);
    },
  };
  let outcome: StudyOutcome;
  try {
    outcome = await runStudy(plan, { out, jobs, ...givenOptions(options, ['shard', 'only', 'cores', 'prune']) }, hooks);
  } finally {
    progress.stop();
    release();
  }
  const { held, failed, ...counts } = outcome;
  const told = {
    ...counts,
    held: held.map(({ trial, holder }) => ({ trial: trial.folder, holder })),
    failed: failed.map(({ trial, error }) => ({ trial: trial.folder, error: error.message })),
  };
  if (json) printJson('study-run', told);
  else process.stdout.write(`${outcomeText(outcome, out)}\n`);
  if (failed.length > 0) process.exitCode = exitCodes.failed;
}

/** The plan in a file, or that of a study's folder. */
export async function planOf(path: string): Promise<{ plan: Plan; folder: string | undefined }> {
  const { planIn, readPlan } = await load();
  return isFolder(path) ? { plan: planIn(path), folder: path } : { plan: await readPlan(path), folder: undefined };
}

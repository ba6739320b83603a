// A Slurm of the test's own: munge, one controller and one node with four faked processors, on ports and in a folder of its own.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'scontrol', 'squeue'];
const where = (name: string) =>
  spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${name}`], { encoding: 'utf8' }).stdout.trim();

/** What keeps a Slurm from being started here; undefined for nothing. */
export function slurmMissing(): string | undefined {
  const absent = programs.filter((name) => where(name) === '');
  if (absent.length > 0) return `no ${absent.join(', ')} (Debian: slurm-wlm and munge)`;
  return userInfo().uid === 0 ? undefined : 'slurmd starts tasks as root only';
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const until = async (holds: () => boolean, what: string) => {
  for (let tries = 0; tries < 600; ++tries) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`slurm: ${what} within 30 s, got none`);
};

/** A cluster that runs. */
export interface Cluster {
  env: NodeJS.ProcessEnv;
  /** Runs a command of Slurm and returns what it prints. */
  ask(program: string, ...args: string[]): string;
  stop(): void;
}

/** Starts a cluster whose arrays have fewer than `maxArraySize` tasks. */
export async function startSlurm({ maxArraySize }: { maxArraySize: number }): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'samebits-slurm-'));
  const at = (name: string) => join(folder, name);
  // munged refuses a folder that others could write in, and asks to enter it.
  chmodSync(folder, 0o755);
  for (const name of ['state', 'spool']) mkdirSync(at(name));
  writeFileSync(at('munge.key'), randomBytes(64), { mode: 0o600 });
  const host = hostname().split('.')[0]!;
  const [controller, node] = [await freePort(), await freePort()];
  const lines = [
    'ClusterName=test',
    `SlurmctldHost=${host}(127.0.0.1)`,
    'SlurmUser=root',
    'AuthType=auth/munge',
    `AuthInfo=socket=${at('munge.sock')}`,
    `StateSaveLocation=${at('state')}`,
    `SlurmdSpoolDir=${at('spool')}`,
    `SlurmctldPidFile=${at('slurmctld.pid')}`,
    `SlurmdPidFile=${at('slurmd.pid')}`,
    `SlurmctldLogFile=${at('slurmctld.log')}`,
    `SlurmdLogFile=${at('slurmd.log')}`,
    `SlurmctldPort=${controller}`,
    `SlurmdPort=${node}`,
    ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none', 'JobAcctGatherType=jobacct_gather/none'],
    ...['AccountingStorageType=accounting_storage/none', 'SelectType=select/cons_tres', 'SelectTypeParameters=CR_CPU'],
    ...['SlurmdParameters=config_overrides', 'ReturnToService=2', 'MpiDefault=none', 'KillWait=5'],
    `MaxArraySize=${maxArraySize}`,
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN`,
    'PartitionName=short Nodes=ALL Default=YES State=UP',
  ];
  writeFileSync(at('slurm.conf'), `${lines.join('\n')}\n`);
  const env = { ...process.env, SLURM_CONF: at('slurm.conf') };
  const running: ChildProcess[] = [];
  const start = (name: string, args: readonly string[]) =>
    running.push(spawn(where(name), args, { env, stdio: 'ignore' }));
  const ask = (program: string, ...args: string[]) => spawnSync(where(program), args, { env, encoding: 'utf8' }).stdout;
  const stop = () => {
    for (const one of running.reverse()) one.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const named = ['key', 'pid', 'log', 'seed'].map((kind) => `--${kind}-file=${at(`munge.${kind}`)}`);
  start('munged', ['--foreground', '--force', `--socket=${at('munge.sock')}`, ...named]);
  start('slurmctld', ['-D', '-f', at('slurm.conf')]);
  start('slurmd', ['-D', '-f', at('slurm.conf')]);
  try {
    await until(() => /\bidle\b/.test(ask('sinfo', '--noheader', '--format=%t')), 'expected an idle node');
  } catch (error) {
    const told = readFileSync(at('slurmctld.log'), 'utf8').split('\n').slice(-5).join('; ');
    stop();
    throw new Error(`${(error as Error).message}; ${told}`);
  }
  return { env, ask, stop };
}

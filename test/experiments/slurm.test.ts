// A study through a real Slurm of the test's own: arrays no larger than the cluster takes, a task that is put back in the middle, one
// whose time is over, a node that is drained; the bits are those of the study on one machine. Control: a command that needs Slurm
// where there is none.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Plan, parsePlan, runStudy, stateOf, studyTrials } from '../../lib/studies/index.js';
import { root } from '../architecture/sources.js';
import { resultIn, samebits } from '../support/cli.js';
import { type Cluster, slurmMissing, startSlurm } from '../support/slurm.js';

const missing = slurmMissing();
const folder = mkdtempSync(join(tmpdir(), 'samebits-study-slurm-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixed = { data: 'synthetic', samples: 8, batchSize: 4, epochs: 1, imageSize: 78, model: 'keras_convnet' };
const plan = (more: object = {}): Plan =>
  parsePlan({ name: 'small one', fixed, factors: { seed: [0, 42, 7] }, modes: { deterministic: 1 }, ...more });
const command = [process.execPath, join(root, 'dist/cli/main.js')];
const kept = (name: string, value: object) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const hashesIn = (out: string, of: Plan) =>
  studyTrials(of).map((trial) => {
    const found = stateOf(out, trial);
    return found.state === 'done' ? found.result.weightsHash : found.state;
  });
const until = async (holds: () => boolean, seconds = 60) => {
  const end = performance.now() + 1000 * seconds;
  while (!holds()) {
    if (performance.now() > end) expect.fail(`expected ${holds} within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe.skipIf(missing)(
  missing === undefined ? 'a study through Slurm' : `a study through Slurm: not run: ${missing}`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await startSlurm({ maxArraySize: 3 });
    }, 60_000);
    afterAll(() => cluster?.stop());
    const study = (...args: string[]) => samebits(['study', ...args], cluster.env);
    /** Starts tasks that were put back, which wait two minutes otherwise. */
    const startAgain = async (tasks: readonly string[]) => {
      const queued = () => cluster.ask('squeue', '--noheader', '--array', '--format=%i %t').split('\n');
      await until(() => tasks.every((task) => queued().includes(`${task} PD`)));
      // The node takes no task whose leave to run was given in the second in which its last one was taken back.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      for (const task of tasks) cluster.ask('scontrol', 'update', `JobId=${task}`, 'StartTime=now');
    };

    it('is a task a trial in arrays that the cluster takes, and ends in the bits of one machine', async () => {
      const [here, there] = [join(folder, 'here'), join(folder, 'there')];
      expect(await runStudy(plan(), { out: here, command })).toMatchObject({ ran: 3, failed: [] });
      const { code, stdout, stderr } = study(
        'run',
        kept('plan.json', plan()),
        '--out',
        there,
        '--executor',
        'slurm',
        '--wait',
      );
      expect([code, stdout]).toEqual([0, 'all done\n']);
      expect(stderr).toMatch(/^3 trials submitted as job \d+, job \d+; study status /);
      expect(hashesIn(there, plan())).toEqual(hashesIn(here, plan()));
      const more = study('run', there, '--executor', 'slurm', '--json');
      expect(resultIn(more.stdout)).toEqual({ arrays: [] });
    }, 300_000);

    it('goes on where a task was put back in the middle, and where it was told that its time is over', async () => {
      const longer = plan({ fixed: { ...fixed, samples: 32, epochs: 8 }, factors: { seed: [3, 4] } });
      const [here, there] = [join(folder, 'longer-here'), join(folder, 'longer-there')];
      expect(await runStudy(longer, { out: here, command })).toMatchObject({ ran: 2, failed: [] });
      const said = study(
        'run',
        kept('longer.json', longer),
        '--out',
        there,
        '--executor',
        'slurm',
        '--json',
        '--time',
        '5',
      );
      const [{ job }] = JSON.parse(said.stdout).arrays;
      const told = cluster.ask('scontrol', 'show', 'job', `${job}_1`);
      for (const fact of ['TimeLimit=00:05:00', 'Requeue=1', 'CPUs/Task=2']) expect(told).toContain(fact);
      const trials = studyTrials(longer);
      const hasEpoch = (trial: number) => existsSync(join(there, trials[trial]!.folder, 'history.jsonl'));
      await until(() => hasEpoch(0));
      cluster.ask('scontrol', 'requeue', `${job}_1`);
      await until(() => hasEpoch(1));
      // What Slurm sends so many seconds before the limit: to the script alone.
      cluster.ask('scancel', '--batch', '--signal=TERM', `${job}_2`);
      const states = () => trials.map((trial) => stateOf(there, trial).state);
      await startAgain([`${job}_1`, `${job}_2`]);
      await until(() => states().every((state) => state === 'done'));
      expect(hashesIn(there, longer)).toEqual(hashesIn(here, longer));
      const logs = readdirSync(join(there, 'slurm')).flatMap((name) =>
        readdirSync(join(there, 'slurm', name))
          .filter((file) => file.endsWith('.log'))
          .map((file) => readFileSync(join(there, 'slurm', name, file), 'utf8')),
      );
      for (const { folder: trial } of trials) expect(logs.join('')).toContain(`${trial}: goes on after epoch `);
    }, 300_000);

    it('waits while the node is drained', async () => {
      const out = join(folder, 'drained');
      const node = cluster.ask('sinfo', '--noheader', '--format=%n').trim();
      cluster.ask('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test');
      const one = plan({ factors: { seed: [9] } });
      study('run', kept('one.json', one), '--out', out, '--executor', 'slurm');
      await until(() => cluster.ask('squeue', '--noheader', '--format=%t').trim() === 'PD');
      expect(study('status', out).stdout).toBe('small one: 0 of 1 trials done, 0 running, 0 stopped, 1 open\n');
      cluster.ask('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');
      await until(() => stateOf(out, studyTrials(one)[0]!).state === 'done');
    }, 300_000);

    it('tells what Slurm refuses, in its words', () => {
      const { code, stderr } = study(
        'run',
        kept('none.json', plan()),
        '--out',
        join(folder, 'none'),
        '--executor',
        'slurm',
        '--partition',
        'nowhere',
      );
      expect([code, stderr]).toEqual([
        1,
        'samebits: slurm: expected sbatch to succeed, got Batch job submission failed: Invalid partition name specified\n',
      ]);
    });
  },
);

describe('samebits study run --executor slurm', () => {
  const file = () => kept('plan.json', plan());
  it.each([
    [['--executor', 'slurm', '--shard', '1/2'], '--shard: expected --executor local beside it, got --executor slurm'],
    [['--time', '1'], '--time: expected --executor slurm beside it, got --executor local'],
    [['--executor', 'lsf'], "--executor: expected one of local, slurm, got 'lsf'"],
    [['--only', 'trials/x'], "study only: expected trials of the plan, as study list names them, got 'trials/x'"],
  ])('refuses %j', (words, message) => {
    const { code, stderr } = samebits(['study', 'run', file(), '--out', join(folder, 'refused'), ...words]);
    expect([code, stderr]).toEqual([2, `samebits: ${message}\n`]);
  });

  it('says so where there is no Slurm', () => {
    const out = join(folder, 'absent');
    const { code, stderr } = samebits(['study', 'run', file(), '--out', out, '--executor', 'slurm'], { PATH: '' });
    expect([code, stderr]).toEqual([
      2,
      'samebits: slurm: expected scontrol of Slurm on the PATH, got none; on another machine take study list --commands, or --shard\n',
    ]);
    expect(existsSync(out)).toBe(false);
  });
});

// No Slurm: programs that stand for its two, for what a real one cannot be made to say where it is not installed.
describe('programs that stand for Slurm', () => {
  const program = (place: string, name: string, text: string) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  const standing = (name: string, sbatch: string) => {
    const place = join(folder, name);
    program(place, 'scontrol', 'echo "MaxArraySize            = 3"');
    program(place, 'sbatch', sbatch);
    const path = `${place}:${process.env['PATH']}`;
    const out = join(folder, `${name}-study`);
    const asked = ['study', 'run', kept(`${name}.json`, plan()), '--out', out, '--executor', 'slurm'];
    return { out, told: samebits(asked, { PATH: path }) };
  };

  it('refusing a submission are told in their words', () => {
    const { told } = standing('refusing', 'echo "sbatch: error: invalid account" >&2; exit 1');
    expect([told.code, told.stderr]).toEqual([1, 'samebits: slurm: expected sbatch to succeed, got invalid account\n']);
  });

  it('get arrays no larger than they take, whose tasks say so where they do not share the folder', () => {
    const { out, told } = standing('taking', 'echo 17');
    expect([told.code, told.stdout]).toEqual([0, `3 trials submitted as job 17, job 17; study status ${out}\n`]);
    const [first, second] = readdirSync(join(out, 'slurm')).sort();
    const task = join(out, 'slurm', first!, 'task.sh');
    const trials = (name: string) =>
      readFileSync(join(out, 'slurm', name, 'trials.txt'), 'utf8')
        .trim()
        .split('\n');
    expect([...trials(first!), ...trials(second!)]).toEqual(studyTrials(plan()).map((trial) => trial.folder));
    rmSync(join(out, 'study.json'));
    const { status, stderr } = spawnSync('bash', [task], {
      encoding: 'utf8',
      env: { ...process.env, SLURM_ARRAY_TASK_ID: '1' },
    });
    expect([status, stderr]).toEqual([
      2,
      `samebits: expected the folder of the study on this node, got none: ${out} has to be on a file system that all nodes share\n`,
    ]);
  });

  it('with an accounting have it in the report of the study; without one it says so, or has what was read before', () => {
    const { out } = standing('accounting', 'echo 17');
    const [first] = studyTrials(plan());
    const place = join(folder, 'accounting');
    const env = { PATH: `${place}:${process.env['PATH']}` };
    expect(samebits(['study', 'run', out, '--out', out, '--only', first!.folder]).code).toBe(0);
    const reported = (name: string) => {
      const report = join(folder, `accounting-${name}`);
      expect(samebits(['study', 'report', out, '--out', report], env).code).toBe(0);
      return {
        page: readFileSync(join(report, 'energy.html'), 'utf8'),
        tables: readdirSync(join(report, 'tables')).filter((file) => file.startsWith('slurm')),
      };
    };
    program(place, 'sacct', 'echo "Slurm accounting storage is disabled" >&2; exit 1');
    const none = reported('none');
    expect(none.page).toContain(
      'There is none: slurm: expected sacct to succeed, got Slurm accounting storage is disabled',
    );
    expect(none.tables).toEqual([]);
    program(place, 'sacct', 'echo "17_1|COMPLETED|9|00:17||450|n1|2026-11-30T10:00:01"');
    const told = reported('told');
    expect(told.tables).toEqual(['slurm-accounting.csv', 'slurm-accounting.json', 'slurm-accounting.tex']);
    expect(told.page).toContain('What the accounting of the Slurm cluster says of each trial.');
    const [row] = JSON.parse(readFileSync(join(folder, 'accounting-told/tables/slurm-accounting.json'), 'utf8')).rows;
    expect(row).toMatchObject({ trial: first!.folder, begun: 1, elapsedSeconds: 9, cpuSeconds: 17, joules: 450 });
    const kept = readFileSync(join(out, 'slurm/accounting.json'), 'utf8');
    program(place, 'sacct', 'exit 1');
    expect(reported('kept').tables).toEqual(told.tables);
    // A cluster forgets old jobs: it ends well, and tells nothing.
    program(place, 'sacct', 'exit 0');
    expect(reported('forgotten').tables).toEqual(told.tables);
    expect(readFileSync(join(out, 'slurm/accounting.json'), 'utf8')).toBe(kept);
    writeFileSync(join(out, 'slurm/accounting.json'), '{"trials": 3}');
    const damaged = samebits(['study', 'report', out, '--out', join(folder, 'accounting-damaged')], env);
    expect([damaged.code, damaged.stderr]).toEqual([
      1,
      expect.stringMatching(/^samebits: slurm: expected what was submitted or accounted in .*, got no valid list\n$/),
    ]);
  }, 120_000);
});

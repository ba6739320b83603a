// The pack of scripts/gpu-check: made here with the shim in place of a device, unpacked into an empty folder, and run there with a
// PATH of a few links, no network where that can be taken away, and nothing of this clone.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { load } from './load.js';
import { onShim } from './on_shim.js';

const { needsOf, pack } = await load('pack');
const { paperSize, planOf } = await load('plan');
const { folder, programs } = onShim(['conformance']);
const file = path.join(folder, 'pack.tar.xz');
const home = path.join(folder, 'empty/samebits-gpu-check');
const bin = path.join(folder, 'bin');
const size = { imageSize: 78, batchSize: 2, firstSteps: 2, runs: 1, every: 10, sanitized: 40, races: 20, most: 600 };
const steps = 'conformance,training-keras_convnet,control,memcheck,torch-keras_convnet,profile-keras_convnet';

/** Without a network where a name space without one can be had. */
const apart = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];
const where = (name: string) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
const command = (args: readonly string[]): [string, string[]] => {
  const [first, ...rest] = [...apart, path.join(home, 'scripts/gpu-check'), ...args];
  return [first!, rest];
};
const env = { PATH: `${bin}`, SAMEBITS_SHIM_ORDER: 'changing' };

function check(out: string, args: readonly string[], more: Record<string, string> = {}) {
  const [first, rest] = command(['--out', path.join(folder, out), ...args]);
  return spawnSync(first === 'unshare' ? where('unshare') : first, rest, {
    cwd: '/',
    env: { ...env, ...more },
    encoding: 'utf8',
  });
}
const kept = (out: string, name = 'result.json') => readFileSync(path.join(folder, out, name), 'utf8');
const lines = (out: string) =>
  kept(out, 'lines.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

let made = { bytes: 0, needs: [] as string[] };
beforeAll(async () => {
  const built = path.join(folder, 'built');
  mkdirSync(built);
  const names = { addon: 'samebits.node', conformance: 'conformance', prove: 'prove_device', probe: 'probe_device' };
  for (const [name, target] of Object.entries(names))
    copyFileSync(programs[name as keyof typeof programs], path.join(built, target));
  const options = { data: 'synthetic', samples: 4, built, pack: file };
  made = await pack(options, { say: () => {}, size, level: 0 });
  mkdirSync(path.dirname(home));
  mkdirSync(bin);
  symlinkSync(realpathSync(where('sh')), path.join(bin, 'sh'));
  spawnSync('python3', ['-m', 'tarfile', '-e', file, path.dirname(home)]);
}, 900_000);

describe('the pack', () => {
  it('is smaller than what may travel, holds no folder of packages but one, and says what it needs', () => {
    expect(made.bytes).toBeLessThan(40e6);
    expect(readdirSync(home).sort()).toEqual([
      'bench',
      'cases',
      'golden.json',
      'lib',
      'native',
      'node',
      'node_modules',
      'pack.json',
      'package.json',
      'scripts',
      'test',
    ]);
    expect(readdirSync(path.join(home, 'node_modules'))).toEqual(['zod']);
    expect(made.needs.join()).toMatch(/^GLIBC 2\.\d+/);
    expect(needsOf([path.join(home, 'node')]).length).toBeGreaterThan(0);
  });

  it('runs by one command without npm, make and network, and keeps a few files', () => {
    const { status, stderr } = check('whole', ['--only', steps]);
    expect(stderr).toContain('every correctness step passed');
    expect(status).toBe(0);
    const result = JSON.parse(kept('whole'));
    expect(result).toMatchObject({
      format: 2,
      finished: true,
      passed: true,
      contract: 2,
      sources: { commit: expect.any(String) },
    });
    const became = Object.fromEntries(
      result.steps.map((step: { name: string; result: string }) => [step.name, step.result]),
    );
    expect(became).toEqual({
      ...{ build: 'passed', device: 'passed', pictures: 'passed', conformance: 'passed' },
      ...{ 'training-keras_convnet': 'passed', control: 'passed', memcheck: 'not run' },
      ...{ 'torch-keras_convnet': 'not run', 'profile-keras_convnet': 'not run' },
    });
    expect(readdirSync(path.join(folder, 'whole')).length).toBeLessThanOrEqual(8);
    const cases = lines('whole').filter((line) => line.case !== undefined);
    expect(cases.length).toBe(result.steps.find(({ name }: { name: string }) => name === 'conformance').figures.cases);
    expect(cases.length).toBeGreaterThan(10);
  });

  it('keeps every case and step that was known when it is killed', async () => {
    const [first, rest] = command(['--out', path.join(folder, 'killed'), '--only', steps]);
    const child = spawn(first, rest, {
      cwd: '/',
      env: { ...process.env, ...env, PATH: `${bin}:${process.env['PATH']}` },
      detached: true,
    });
    let said = '';
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.stderr.on('data', (text: Buffer) => {
      said += text;
      if (/steps on the device.* \.\.\./.test(said)) process.kill(-child.pid!, 'SIGKILL');
    });
    await ended;
    expect(JSON.parse(kept('killed'))).toMatchObject({ finished: false, passed: false });
    const found = lines('killed');
    expect(found.filter((line) => line.case !== undefined).length).toBeGreaterThan(10);
    expect(found).toContainEqual({ step: 'conformance', result: 'passed' });
  });

  it('has one failed case where one throws, and one named case can be run again', () => {
    const { status } = check('thrown', ['--only', 'conformance'], { SAMEBITS_SHIM_FAIL: 'cudaLaunchKernelEx:20:1' });
    expect(status).toBe(1);
    const failed = lines('thrown').filter((line) => line.faults?.length > 0);
    expect(failed).toHaveLength(1);
    const { figures } = JSON.parse(kept('thrown')).steps.find(({ name }: { name: string }) => name === 'conformance');
    expect(figures.wanted).toBe(figures.cases);
    expect(figures.faults).toHaveLength(1);
    expect(check('again', ['--case', String(failed[0].case)]).status).toBe(0);
    expect(JSON.parse(kept('again')).steps[0].figures).toMatchObject({
      cases: 1,
      same: 1,
      memcheck: { notRun: 'no compute-sanitizer' },
    });
  });

  it('refuses what needs a clone', () => {
    expect(check('refused', ['--data', '/'])).toMatchObject({
      status: 2,
      stderr: "gpu-check: expected no --data in a pack, got '/'\n",
    });
  });
});

it('a whole check in a pack has at most eight minutes', () => {
  const plan = planOf({ options: { minutes: 7.5 }, found: { programs: {} }, packed: { size: paperSize } });
  const parts = plan.filter(({ name }: { name: string }) => name !== 'build');
  const seconds = parts.reduce((sum: number, step: { seconds: number }) => sum + step.seconds, 0);
  expect(seconds).toBeLessThanOrEqual(480);
  expect(parts.map(({ name }: { name: string }) => name)).toEqual([
    ...[
      'device',
      'pictures',
      'conformance',
      'training-keras_convnet',
      'training-mini_xception',
      'control',
      'atomic-runs',
    ],
    ...[
      'functions',
      'probe',
      'speed-keras_convnet',
      'speed-mini_xception',
      'epoch-keras_convnet',
      'epoch-mini_xception',
    ],
    ...[
      'torch-keras_convnet',
      'torch-mini_xception',
      'profile-keras_convnet',
      'profile-mini_xception',
      'memcheck',
      'racecheck',
    ],
  ]);
});

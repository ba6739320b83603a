// The steps of scripts/gpu-check as they are on a device, on the device of the shim (test/shim): each with something that
// must be found. What is measured is run on the CPU, for its form only.

import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addonFile } from '../../lib/addon/index.js';
import { root } from '../architecture/sources.js';
import { buildAddon, buildConformance, buildDeviceProgram } from '../shim/build.js';
import { type Answer, load } from './load.js';

const { atomicRuns, conformance, control, functions, sanitizer, training } = await load('correctness');
const { program, hooks, values } = await load('child');

const kBuild = 900_000;
// Each program starts node anew, and the shim runs kernels one thread at a time.
vi.setConfig({ testTimeout: 600_000 });
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-gpu-check-'));
const cases = path.join(folder, 'cases');
const signal = new AbortController().signal;
let shim = '';
let programs = { addon: '', conformance: '', prove: '', probe: '' };

beforeAll(async () => {
  shim = await buildAddon();
  const [proves, probes, conforms] = await Promise.all([
    buildDeviceProgram('prove'),
    buildDeviceProgram('probe'),
    buildConformance(),
  ]);
  programs = { addon: shim, conformance: conforms, prove: proves, probe: probes };
  const args = ['--import', hooks, 'test/conformance/export_cases.ts', cases];
  await promisify(execFile)(process.execPath, args, { cwd: root });
}, kBuild);
afterAll(() => rmSync(folder, { recursive: true }));

const small = { cache: path.join(folder, 'pictures'), samples: 4, 'image-size': 78, 'batch-size': 2 };

/** Runs a program of the steps on the CPU, or on the shim with its blocks in an order, with a small task. */
function ours(changes: object = {}, order = '0') {
  return (name: string, task: { device?: string }, options: object) => {
    const all = { ...small, ...task, ...(task.device !== 'cpu' && changes) };
    const addon = task.device === 'cpu' || (changes as { device?: string }).device === 'cpu' ? addonFile : shim;
    return program(name, all, { addon, env: { SAMEBITS_SHIM_ORDER: order }, ...options });
  };
}

describe('conformance', () => {
  it('passes where every case has its digest in every run', async () => {
    const answer: Answer = await conformance({ programs, cases, runs: 2 }, signal);
    const { figures } = answer;
    expect(answer.reason).toBeUndefined();
    expect(figures).toMatchObject({
      target: 'cuda/sm90',
      runs: 2,
      faults: [],
      same: figures.cases,
      close: figures.inAtomic,
    });
    expect(figures.cases).toBeGreaterThan(500);
    expect(figures.inAtomic).toBeGreaterThan(250);
  });

  it('does not where one bit of one input is another, and says which case', async () => {
    const bytes = readFileSync(cases);
    const title = 'conv2d [2,9,16,3] by [3,3,3,32] {"activation":"relu"}';
    const at = bytes.indexOf('\nwrite ', bytes.indexOf(` ${title}\n`)) + 1;
    const begin = bytes.indexOf('\n', at) + 1;
    bytes[begin + 400]! ^= 1;
    const changed = path.join(folder, 'changed');
    writeFileSync(changed, bytes);
    const { passed, reason, figures }: Answer = await conformance({ programs, cases: changed, runs: 1 }, signal);
    expect(passed).toBe(false);
    expect(reason).toMatch(/^cuda\/sm90\/deterministic, run 1: conv2d .*: expected sha256:\w+, got sha256:\w+/);
    expect(reason).toContain(title);
    expect(figures).toMatchObject({ same: figures.cases - 1 });
    expect(figures.faults).toHaveLength(1);
  });

  it('is refused where there is no device, or no file', async () => {
    await expect(conformance({ programs, cases: '/nothing', runs: 1 }, signal)).rejects.toThrow(
      "expected the cases to be run, got exit code 2: conformance: /nothing: expected a readable file, got '/nothing'",
    );
  });
});

describe('the control', () => {
  it('passes where sums in atomic mode differ', async () => {
    const answer: Answer = await control({ ours: ours({}, 'changing'), runs: 20 }, signal);
    expect(answer).toEqual({ passed: true, figures: { deterministic: 1, atomic: 2 } });
  });
  it('does not where they never do', async () => {
    const { passed, reason }: Answer = await control({ ours: ours({}, '0'), runs: 3 }, signal);
    expect({ passed, reason }).toEqual({
      passed: false,
      reason: 'expected 1 bit pattern and more than 1, got 1 and 1',
    });
  });
});

describe('the elementary functions', () => {
  it('have the digests of the CPU on every 64th input', async () => {
    const names = ['exp', 'sin'];
    const { passed, figures }: Answer = await functions({ programs, which: 'slice', names }, signal);
    expect(passed).toBe(true);
    expect(figures).toHaveLength(2);
    expect(figures[0]).toMatchObject({ function: 'exp', stride: 64, inputs: 2 ** 26 });
  });
  it('do not have those of other inputs', async () => {
    const other = path.join(folder, 'prove_other');
    writeFileSync(other, `#!/bin/sh\nexec ${programs.prove} 128 exp\n`);
    chmodSync(other, 0o755);
    const { passed, reason }: Answer = await functions({ programs: { prove: other }, which: 'slice' }, signal);
    expect(passed).toBe(false);
    expect(reason).toMatch(/^exp: expected sha256:\w+, got sha256:\w+; log: expected sha256:\w+, got none/);
  });
});

describe('a training', () => {
  const task = { model: 'keras_convnet', firstSteps: 2 };
  it('is the same on CPU and device after every step', async () => {
    const { passed, figures }: Answer = await training({ ours: ours(), ...task }, signal);
    expect(passed).toBe(true);
    expect(figures).toMatchObject({
      stepsOfEpoch: 2,
      stepsTheSame: 2,
      firstSteps: { same: true },
      epoch: { same: true },
    });
    expect(figures.device.target).toBe('cuda/sm90/deterministic');
    expect(figures.cpu.target).toMatch(/^cpu\/\w+\/deterministic$/);
    expect(new Set(figures.hashes).size).toBe(2);
  });

  it('is not with a device in atomic mode, and the step says which weights', async () => {
    const { passed, reason, figures }: Answer = await training(
      { ours: ours({ mode: 'atomic' }, '1'), ...task },
      signal,
    );
    expect(passed).toBe(false);
    expect(reason).toMatch(/^step 1: expected sha256:\w+, got sha256:\w+; weights that differ: .*conv2d/);
    expect(figures).toMatchObject({ stepsTheSame: 0, firstSteps: { same: false } });
  });
});

describe('runs in atomic mode', () => {
  it('are measured where they come apart', async () => {
    const { passed, figures }: Answer = await atomicRuns({ ours: ours({}, 'changing'), runs: 2, steps: 1 }, signal);
    expect(passed).toBe(true);
    expect(figures).toMatchObject({
      target: 'cuda/sm90/atomic',
      steps: 1,
      distinct: 2,
      divergence: { runs: 2, pairs: 1 },
    });
    expect(figures.divergence.all.distance.maxUlp).toBeGreaterThan(0);
  });
  it('fail where they are all one, as in deterministic mode', async () => {
    const runs = { ours: ours({ mode: 'deterministic' }, 'changing'), runs: 2, steps: 1 };
    const { passed, reason }: Answer = await atomicRuns(runs, signal);
    expect({ passed, reason }).toEqual({ passed: false, reason: 'expected runs that differ, got one bit pattern' });
  });
});

describe('compute-sanitizer', () => {
  /** A program in its place, which prints what it would. */
  function tool(name: string, script: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }
  const run = (command: string): Promise<Answer> =>
    sanitizer({ programs, cases, tool: 'memcheck', every: 40, command }, signal);

  it('passes where the cases ran under it without a fault', async () => {
    const { passed, figures } = await run(tool('clean', 'shift 4; "$@"; echo "========= ERROR SUMMARY: 0 errors"'));
    expect(figures.summary).toBe('========= ERROR SUMMARY: 0 errors');
    expect(passed).toBe(true);
  });
  it('fails with its summary where it found something, and where the cases did not run', async () => {
    const found = await run(tool('found', 'echo "========= ERROR SUMMARY: 3 errors"; exit 9'));
    expect(found).toMatchObject({ passed: false, reason: '========= ERROR SUMMARY: 3 errors (exit code 9)' });
    const idle = await run(tool('idle', 'echo "========= ERROR SUMMARY: 0 errors"'));
    expect(idle).toMatchObject({ passed: false, reason: '========= ERROR SUMMARY: 0 errors (exit code 0)' });
  });
});

describe('what is measured', () => {
  const cpu = { device: 'cpu', model: 'keras_convnet' };
  it('holds every step in both modes, epochs, and the large kernels with their shares', async () => {
    const [speed] = await ours(cpu)('speed', { ...cpu, steps: 3, 'peak-flops': 1e12, 'peak-bytes': 1e11 } as object, {
      signal,
    });
    for (const mode of ['deterministic', 'atomic']) expect(speed.steps[mode].seconds).toHaveLength(3);
    const conv = speed.kernels.find(({ kernel }: { kernel: string }) => kernel === 'conv2d.forward');
    expect(conv.shareOfPeakFlops).toBeCloseTo(conv.flops / conv.seconds / 1e12);
    expect(conv.shapes[0]).toHaveLength(4);
    const [epoch] = await ours(cpu)('epoch', { ...cpu, runs: 2 } as object, { signal });
    expect(epoch).toMatchObject({ samples: 4, seconds: [expect.any(Number), expect.any(Number)] });
  });

  it('holds the peaks and what the device says of itself', async () => {
    const [peaks] = await values(programs.probe, ['2', '1'], { signal });
    expect(peaks).toMatchObject({ name: 'CUDA in plain C++', architecture: 'sm90', copyMiB: 1 });
    for (const rate of [...peaks.fmaGflops, ...peaks.copyGBps]) expect(rate).toBeGreaterThan(0);
    expect(peaks.fmaGflops).toHaveLength(2);
  });
});

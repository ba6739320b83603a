// The steps of scripts/gpu-check as they are on a device, on the device of the shim (test/shim): each with something that
// must be found. What is measured is run on the CPU, for its form only.

import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonFile } from '../../lib/addon/index.js';
import { type Answer, load } from './load.js';
import { onShim } from './on_shim.js';

const { atomicRuns, control, epochs, functions, training } = await load('correctness');
const { program, values } = await load('child');

const { folder, programs } = onShim();
const signal = new AbortController().signal;

// A small network: the shim takes one thread, and test/shim/networks trains every network on it.
const model = 'lenet5';
const small = { model, cache: path.join(folder, 'pictures'), samples: 4, 'image-size': 32, 'batch-size': 2 };

/** Runs a program of the steps on the CPU, or on the shim with its blocks in an order, with a small task. */
function ours(changes: object = {}, order = '0') {
  return (name: string, task: { device?: string }, options: object) => {
    const all = { ...small, ...task, ...(task.device !== 'cpu' && changes) };
    const addon =
      task.device === 'cpu' || (changes as { device?: string }).device === 'cpu' ? addonFile : programs.addon;
    return program(name, all, { addon, env: { SAMEBITS_SHIM_ORDER: order }, ...options });
  };
}

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
    expect(figures.found).toHaveLength(2);
    expect(figures.found[0]).toMatchObject({ function: 'exp', stride: 64, inputs: 2 ** 26 });
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
  const golden = async () =>
    (await ours()('train', { model, device: 'cpu', steps: 2 } as object, { signal })).slice(0, -1);
  it('has the steps that the CPU had', async () => {
    const { passed, figures }: Answer = await training({ ours: ours(), model, golden: await golden() }, signal);
    expect(passed).toBe(true);
    expect(figures).toMatchObject({ stepsTheSame: 2, firstSteps: { count: 2, same: true } });
    expect(figures.device.target).toBe('cuda/sm90/deterministic');
  });

  it('is timed in both modes, and the same on CPU and device after every step', async () => {
    const task = { ours: ours(), model, runs: 1, firstSteps: 2 };
    const { passed, figures }: Answer = await epochs(task, signal);
    expect(passed).toBe(true);
    expect(figures).toMatchObject({
      stepsOfEpoch: 2,
      stepsTheSame: 2,
      firstSteps: { same: true },
      epoch: { same: true },
    });
    for (const mode of ['deterministic', 'atomic'])
      expect(figures[mode]).toMatchObject({ target: `cuda/sm90/${mode}`, seconds: [expect.any(Number)] });
    expect(figures.device.target).toBe('cuda/sm90/deterministic');
    expect(figures.cpu.target).toMatch(/^cpu\/\w+\/deterministic$/);
    expect(new Set(figures.hashes).size).toBe(2);
  });

  it('is not with a device in atomic mode, and the step says which weights', async () => {
    const { passed, reason, figures }: Answer = await training(
      { ours: ours({ mode: 'atomic' }, '1'), model, golden: await golden() },
      signal,
    );
    expect(passed).toBe(false);
    expect(reason).toMatch(/^step 1: expected sha256:\w+, got sha256:\w+; weights that differ: .*conv2d/);
    expect(figures).toMatchObject({ stepsTheSame: 0, firstSteps: { same: false } });
  });
});

describe('runs in atomic mode', () => {
  it('are measured where they come apart', async () => {
    // Two summands have one sum in either order; four samples have several.
    const task = { ours: ours({ 'batch-size': 4 }, 'changing'), runs: 2, steps: 1 };
    const { passed, figures }: Answer = await atomicRuns(task, signal);
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
    const runs = { ours: ours({ mode: 'deterministic', 'batch-size': 4 }, 'changing'), runs: 2, steps: 1 };
    const { passed, reason }: Answer = await atomicRuns(runs, signal);
    expect({ passed, reason }).toEqual({ passed: false, reason: 'expected runs that differ, got one bit pattern' });
  });
});

describe('what is measured', () => {
  const cpu = { device: 'cpu', model: 'keras_convnet', 'image-size': 78 };
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

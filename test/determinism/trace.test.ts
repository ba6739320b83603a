// Claim: a trace of every operation is the same bytes with any number of threads, and for a training stopped and resumed
// or not; but for the target it names, on every instruction set. Tracing changes no bit. Controls: another seed, and one
// bit flipped between two steps, which is found at exactly that step and element.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffRuns, readSafetensors, type TrainOptions, train, writeSafetensors } from '../../lib/index.js';
import { readTrace } from '../../lib/trace/index.js';
import { deterministicTargets } from '../support/targets.js';
import { bitsOf, small } from './trainings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-traced-'));
afterAll(() => rmSync(folder, { recursive: true }));

const traced: TrainOptions = { ...small, samples: 6, batchSize: 3, trace: 'ops', traceValues: 2 };
const place = (name: string) => path.join(folder, name);
const bytesOf = (name: string) => readFileSync(path.join(place(name), 'trace.bin'));
const run = (name: string, changes: Partial<TrainOptions> = {}) => train({ ...traced, ...changes, out: place(name) });

/** Trains and stops after the first step of the second epoch. */
async function stopped(name: string, changes: Partial<TrainOptions> = {}): Promise<void> {
  const stop = new AbortController();
  const onStep = ({ epoch, step }: { epoch: number; step: number }) =>
    epoch === 1 && step === 1 && stop.abort(new Error('stopped'));
  const options = { ...traced, ...changes, out: place(name) };
  await expect(train(options, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
}

let want: Buffer;
beforeAll(async () => {
  await run('one');
  want = bytesOf('one');
});

describe('a trace of every operation', () => {
  it('names every kernel that a step runs, forward, backward and optimizer, with its tensors', () => {
    const { ops, steps, begin } = readTrace(path.join(place('one'), 'trace.bin'));
    expect(steps).toHaveLength(4);
    const first = ops.filter(({ epoch, step }) => epoch === 1 && step === 1);
    const kernels = new Set(first.map(({ kernel }) => kernel));
    for (const kernel of ['conv2d.forward', 'conv2d.weightGradient', 'dense.forward', 'rmsprop.update']) {
      expect(kernels).toContain(kernel);
    }
    expect(first.find(({ kernel }) => kernel === 'conv2d.forward')!.tensors).toMatchObject([
      { name: 'x', output: false },
      { name: 'weight', shape: [3, 3, 3, 32], output: false },
      { name: 'bias', output: false },
      { name: 'y', output: true },
    ]);
    expect(ops.length).toBe(4 * first.length);
    expect(first.map(({ op }) => op)).toEqual(first.map((_, i) => i + 1));
    expect(begin!.gradients).toHaveLength(12);
  });

  it('changes no bit of the training', async () => {
    const { trace, traceValues, ...untraced } = traced;
    expect(bitsOf(await train(untraced))).toEqual(bitsOf(await train({ ...traced, out: place('again') })));
    expect(bytesOf('again').equals(want)).toBe(true);
  });

  it('is the same bytes with another number of threads', async () => {
    await run('threads', { threads: 3 });
    expect(bytesOf('threads').equals(want)).toBe(true);
  });

  it.each(deterministicTargets)('is the same records on $name', async ({ isa }) => {
    await run(`isa-${isa}`, { isa, epochs: 1 });
    const { ops } = readTrace(path.join(place(`isa-${isa}`), 'trace.bin'));
    const { ops: all } = readTrace(path.join(place('one'), 'trace.bin'));
    expect(ops.at(-1)!.chain).toBe(all[ops.length - 1]!.chain);
  });

  it('of a training stopped in an epoch and resumed, here or elsewhere, is the same bytes', async () => {
    await stopped('stopped');
    await train({ ...traced, resume: place('stopped'), out: place('elsewhere') });
    await train({ ...traced, resume: place('stopped'), threads: 1 });
    expect(bytesOf('stopped').equals(want)).toBe(true);
    expect(bytesOf('elsewhere').equals(want)).toBe(true);
  });

  it('goes on at its level only, and does not begin in the middle', async () => {
    await stopped('level');
    await expect(train({ ...traced, trace: 'steps', resume: place('level') })).rejects.toThrow(
      `resume: expected trace 'ops' of the run '${place('level')}', got 'steps'; a training goes on with the settings it ` +
        'began with',
    );
    await stopped('late', { trace: 'weights' });
    rmSync(path.join(place('late'), 'trace.bin'));
    await expect(train({ resume: place('late') })).rejects.toThrow(
      `train: expected a run that is traced in '${place('late')}', got none; a trace begins with the first step`,
    );
  });
});

describe('control', () => {
  it('another seed parts before the first step', async () => {
    await run('seed', { seed: 7, epochs: 1 });
    expect(diffRuns(place('one'), place('seed')).difference).toMatchObject({ epoch: 0, of: 'state' });
  });

  it('a bit flipped between two steps is found at that step, operation, tensor and element', async () => {
    await stopped('flipped');
    const file = path.join(place('flipped'), 'checkpoint.safetensors');
    const { tensors, metadata } = readSafetensors(file);
    const kernel = tensors.find(({ name }) => name === 'conv2d_2/kernel')!;
    const at = [1, 2, 5, 77];
    const [, kw, ci, co] = kernel.shape as [number, number, number, number];
    new Int32Array(kernel.data.buffer)[((at[0]! * kw + at[1]!) * ci + at[2]!) * co + at[3]!]! ^= 1;
    writeSafetensors(file, { tensors, metadata });
    await train({ ...traced, resume: place('flipped') });
    const { equal, difference } = diffRuns(place('one'), place('flipped'));
    expect({ equal, difference }).toMatchObject({
      equal: false,
      difference: {
        epoch: 1,
        step: 2,
        operation: { kernel: 'conv2d.forward' },
        of: 'input',
        tensor: 'weight',
        element: { tensor: 'weight', at, ulp: 1, differing: 1, elements: 3 * 3 * 64 * 128 },
        saved: null,
      },
    });
  });
});

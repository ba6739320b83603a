// Sources of difference in whole trainings: a flipped bit is found where it was put; atomic kernels and seeded arrivals
// repeat themselves, are resumed, verified and written into the receipt. Controls: other seeds and no source differ.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  diffRuns,
  type Flip,
  readReceipt,
  readSafetensors,
  type TrainOptions,
  train,
  verifyReceipt,
} from '../../lib/index.js';
import { small } from '../determinism/trainings.js';
import { samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-sources-'));
const at = (...names: string[]) => join(folder, ...names);
const options: TrainOptions = { ...small, samples: 6, batchSize: 3 };
afterAll(() => rmSync(folder, { recursive: true }));

const run = (name: string, changes: Partial<TrainOptions> = {}) => train({ ...options, ...changes, out: at(name) });

/** The float32 with one bit of another, as hex. */
function flipped(hex: string, bit: number): string {
  return `0x${((Number(hex) ^ (2 ** bit)) >>> 0).toString(16).padStart(8, '0')}`;
}

describe('a flipped bit', () => {
  const values = { trace: 'ops', traceValues: 4 } as const;
  beforeAll(() => run('whole', values));

  const weights: Flip[] = [
    { step: 3, tensor: 'conv2d/kernel', index: 77, bit: 0 },
    { step: 2, tensor: 'dense/bias', index: 0, bit: 31 },
  ];
  it.each(weights)('of a weight is found at its step and element: $step $tensor $index $bit', async (flip) => {
    const { tensor, index, bit, step } = flip as Flip & { tensor: string };
    await run(`flip-${step}`, { trace: 'steps', traceValues: 4, flip });
    await run(`plain-${step}`, { trace: 'steps', traceValues: 4 });
    const { difference } = diffRuns(at(`plain-${step}`), at(`flip-${step}`));
    expect(difference).toMatchObject({ epoch: Math.ceil(step / 2), step: 2 - (step % 2), of: 'weights', tensor });
    const { shape, a, b, differing } = difference!.element!;
    const place = difference!.element!.at.reduce((flat, i, axis) => flat * shape[axis]! + i, 0);
    expect({ place, differing, b: b.hex }).toEqual({ place: index, differing: 1, b: flipped(a.hex, bit) });
  });

  const outputs: [string, Flip, object][] = [
    ['by number', { step: 3, operation: 9, index: 1000, bit: 22 }, { number: 9 }],
    ['by kernel', { step: 2, operation: 'max_pool2d.forward', index: 5, bit: 31 }, { kernel: 'max_pool2d.forward' }],
    [
      'by output',
      { step: 4, operation: 'conv2d.weightGradient', output: 'db', index: 1, bit: 3 },
      { kernel: 'conv2d.weightGradient' },
    ],
  ];
  it.each(outputs)(
    'of what an operation wrote is found at its step, operation and element: %s',
    async (_, flip, operation) => {
      const name = `op-${flip.step}`;
      await run(name, { ...values, flip });
      const { difference } = diffRuns(at('whole'), at(name));
      expect(difference).toMatchObject({ epoch: Math.ceil(flip.step / 2), step: 2 - (flip.step % 2), of: 'output' });
      expect(difference!.operation).toMatchObject(operation);
      const { shape, a, b, differing } = difference!.element!;
      const place = difference!.element!.at.reduce((flat, i, axis) => flat * shape[axis]! + i, 0);
      expect({ place, differing, b: b.hex }).toEqual({ place: flip.index, differing: 1, b: flipped(a.hex, flip.bit) });
    },
  );

  it('is in the receipt, by which the training is verified', async () => {
    expect(readReceipt(at('flip-3', 'receipt.json')).options.flip).toEqual(weights[0]);
    expect(readReceipt(at('op-4', 'receipt.json')).options.flip).toEqual(outputs[2]![1]);
    expect(await verifyReceipt(at('flip-3'))).toMatchObject({ equal: true, epochs: [1, 2] });
    expect(await verifyReceipt(at('flip-3'), { epochs: [1] })).toMatchObject({ equal: true, epochs: [1] });
    expect(await verifyReceipt(at('op-4'), { threads: 1, isa: 'scalar' })).toMatchObject({ equal: true });
  });

  const refused: [string, Flip, string][] = [
    [
      'a step after the last',
      { step: 5, tensor: 'conv2d/kernel', index: 0, bit: 0 },
      'flip: expected step from 1 to 4, got 5',
    ],
    [
      'an element that is not there',
      { step: 1, tensor: 'dense/bias', index: 1, bit: 0 },
      'flip: expected index below 1 of dense/bias, got 1',
    ],
    [
      'an operation that is not there',
      { step: 1, operation: 100000, index: 0, bit: 0 },
      expect.stringMatching(
        /^flip: expected operation to be one of the \d+ of step 1, got 100000$/,
      ) as unknown as string,
    ],
    [
      'an operation of another model',
      { step: 1, operation: 'softmax.forward', index: 0, bit: 0 },
      expect.stringMatching(
        /^flip: expected operation to be one of the \d+ of step 1, got 'softmax.forward'$/,
      ) as unknown as string,
    ],
    [
      'an element beyond the output',
      { step: 1, operation: 'dense.forward', index: 3, bit: 0 },
      expect.stringMatching(
        /^flip: expected index below 3 of y of operation \d+ \(dense.forward\), got 3$/,
      ) as unknown as string,
    ],
    [
      'a bit that is none',
      { step: 1, operation: 1, index: 0, bit: 32 },
      'flip: expected bit to be an integer from 0 to 31, got 32',
    ],
  ];
  it.each(refused)('is refused at %s', async (_, flip, message) => {
    const error = await train({ ...options, flip }).catch((error: Error) => error);
    expect((error as Error).message).toEqual(message);
  });

  it('of a weight that is not there is refused, with the names there are', async () => {
    const flip = { step: 1, tensor: 'conv2d/weights', index: 0, bit: 0 };
    await expect(train({ ...options, flip })).rejects.toThrow(
      /^flip: expected tensor to be one of conv2d\/kernel, .*dense\/bias, got 'conv2d\/weights'$/,
    );
  });
});

describe('a seeded arrival', () => {
  const one = { atomic: ['conv2d.weightGradient'], arrivalSeed: 3 };

  it('gives the same training again on other threads, another seed another one', async () => {
    const first = await run('one', { ...one, checkpoints: 'all' });
    expect(first.target).toMatch(/\/deterministic\+conv2d\.weightGradient$/);
    expect((await run('again', { ...one, threads: 1 })).weightsHash).toBe(first.weightsHash);
    expect((await run('seed', { ...one, arrivalSeed: 4 })).weightsHash).not.toBe(first.weightsHash);
    expect((await run('none')).weightsHash).not.toBe(first.weightsHash);
    const all = await run('all', { mode: 'atomic', arrivalSeed: 3 });
    expect((await run('all again', { mode: 'atomic', arrivalSeed: 3, threads: 3 })).weightsHash).toBe(all.weightsHash);
    expect(all.weightsHash).not.toBe(first.weightsHash);
  });

  it('is in the receipt, by which the whole training or one epoch is verified', async () => {
    const { options } = readReceipt(at('one', 'receipt.json'));
    expect(options).toMatchObject({ atomic: one.atomic, seed: 1001, arrivalSeed: 3 });
    expect(await verifyReceipt(at('one'), { threads: 1 })).toMatchObject({ equal: true, epochs: [1, 2] });
    expect(await verifyReceipt(at('one'), { epochs: [2] })).toMatchObject({ equal: true, epochs: [2] });
    expect(await verifyReceipt(at('all'))).toMatchObject({ equal: true });
    const isa = readReceipt(at('one', 'receipt.json')).target.split('/')[1]!;
    if (isa === 'scalar') return;
    await expect(verifyReceipt(at('one'), { isa: 'scalar' })).rejects.toThrow(
      `verify: expected isa '${isa}' of the receipt, got 'scalar'; a seeded arrival repeats itself on one instruction set`,
    );
  });

  it('goes on after a stop as if there had been none, and only with the same sources', async () => {
    const stop = new AbortController();
    const onStep = ({ epoch, step }: { epoch: number; step: number }) =>
      epoch === 2 && step === 1 && stop.abort(new Error('stopped'));
    await expect(train({ ...options, ...one, out: at('stopped') }, { onStep, signal: stop.signal })).rejects.toThrow(
      'stopped',
    );
    cpSync(at('stopped'), at('other'), { recursive: true });
    await expect(train({ ...options, ...one, arrivalSeed: 5, resume: at('other') })).rejects.toThrow(
      `resume: expected arrivalSeed 3 of the run '${at('other')}', got 5; a training goes on with the settings it began with`,
    );
    const resumed = await train({ resume: at('stopped') });
    const last = (name: string) => readSafetensors(at(name, 'weights', 'epoch-0002.safetensors')).tensors;
    expect(last('stopped')).toEqual(last('one'));
    expect(resumed.epochs).toHaveLength(2);
  });

  it('that was altered in the receipt is found', async () => {
    cpSync(at('one'), at('altered'), { recursive: true });
    const path = at('altered', 'receipt.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"arrivalSeed": 3', '"arrivalSeed": 4'));
    await expect(verifyReceipt(at('altered'))).rejects.toThrow(/got one whose hash is not that of its body/);
  });

  it('without a seed is not verified', async () => {
    await run('real', { atomic: one.atomic });
    await expect(verifyReceipt(at('real'))).rejects.toThrow(
      /^verify: expected a deterministic training, got an atomic one;/,
    );
  });
});

describe('on the command line', () => {
  it('sources are asked for, told and repeated', () => {
    const args = ['train', '--model', 'keras_convnet', '--data', 'synthetic', '--samples', '6', '--batch-size', '3'];
    const small = [...args, '--image-size', '78', '--epochs', '1', '--json'];
    const sources = ['--atomic', 'dense.weightGradient,conv2d.weightGradient', '--arrival-seed', '9'];
    const flip = ['--flip', 'step=1,tensor=dense/bias,index=0,bit=2'];
    const { code, stdout, stderr } = samebits([...small, ...sources, ...flip]);
    expect({ code, stderr: stderr.includes('expected') }).toEqual({ code: 0, stderr: false });
    const { target, settings, weightsHash } = JSON.parse(stdout);
    expect(target).toMatch(/^cpu\/[a-z0-9]+\/deterministic\+conv2d\.weightGradient\+dense\.weightGradient$/);
    expect(settings).toMatchObject({
      atomic: ['dense.weightGradient', 'conv2d.weightGradient'],
      arrivalSeed: 9,
      flip: { step: 1, tensor: 'dense/bias', index: 0, bit: 2 },
    });
    expect(JSON.parse(samebits([...small, ...sources, ...flip, '--threads', '1']).stdout).weightsHash).toBe(
      weightsHash,
    );
    expect(JSON.parse(samebits([...small, ...sources]).stdout).weightsHash).not.toBe(weightsHash);
  });
});

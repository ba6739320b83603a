// Weights after single steps: which steps, what lies in the folder, and that the training is the same with them.

import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { hashTensors, readReceipt, readSafetensors, type TrainOptions, train } from '../../../lib/index.js';
import { receiptPath } from '../../../lib/runs/index.js';
import { keptPlaces, keptSteps, stepWeightsPath } from '../../../lib/runs/kept_steps.js';
import { bitsOf, kSteps, small } from '../../determinism/trainings.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the steps that are kept', () => {
  it('are all where there are few, and lie close together at the beginning where there are many', () => {
    expect(keptPlaces(5, 8)).toEqual([1, 2, 3, 4, 5]);
    expect(keptPlaces(5, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(keptPlaces(1000, 4)).toEqual([1, 10, 100, 1000]);
    expect(keptPlaces(1000, 1)).toEqual([1000]);
    expect(keptPlaces(1, 3)).toEqual([1]);
  });

  it('are always so many, ascending from 1 to the last, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 2, max: 999 }), (steps, count) => {
        const places = keptPlaces(steps, count);
        expect(places).toHaveLength(Math.min(steps, count));
        expect([places[0], places.at(-1)]).toEqual([1, steps]);
        expect(places.every((place, i) => i === 0 || place > places[i - 1]!)).toBe(true);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

const hashesIn = (out: string) =>
  keptSteps(out).map((step) => [step, hashTensors(readSafetensors(stepWeightsPath(out, step)).tensors)]);

describe('a training that keeps them', () => {
  const kept: TrainOptions = { ...small, keepSteps: 4, out: join(folder, 'whole') };

  it('ends in the same bits, with the weights of those steps in its folder and in its receipt', async () => {
    const { out: _, keepSteps: __, ...plain } = kept;
    const result = await train(kept);
    expect(bitsOf(result)).toEqual(bitsOf(await train(plain)));
    expect(keptSteps(kept.out!)).toEqual(keptPlaces(kSteps, 4));
    const hashes = new Map(hashesIn(kept.out!) as [number, string][]);
    expect(hashes.get(kSteps)).toBe(result.weightsHash);
    expect(hashes.get(3)).toBe(result.epochs[0]!.weightsHash);
    expect(new Set(hashes.values()).size).toBe(4);
    const { files } = readReceipt(receiptPath(kept.out!));
    expect(Object.keys(files).filter((file) => file.startsWith('steps/'))).toEqual(
      readdirSync(join(kept.out!, 'steps')).map((name) => `steps/${name}`),
    );
  });

  it('stopped and resumed leaves the same weights of the same steps', async () => {
    const out = join(folder, 'stopped');
    const stop = new AbortController();
    const onStep = ({ epoch, step }: { epoch: number; step: number }) =>
      epoch === 1 && step === 2 && stop.abort(new Error('stopped'));
    await expect(train({ ...kept, out }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
    expect(keptSteps(out)).toEqual([1, 2]);
    const { out: _, ...again } = kept;
    await train({ ...again, resume: out });
    expect(hashesIn(out)).toEqual(hashesIn(kept.out!));
  });

  it('that goes on from an earlier state forgets the steps it has not taken yet, and takes them again', async () => {
    const out = join(folder, 'cut');
    await train({ ...kept, out, checkpoints: 'all' });
    rmSync(join(out, 'result.json'));
    renameSync(join(out, 'checkpoints', 'epoch-0001.safetensors'), join(out, 'checkpoint.safetensors'));
    const stop = new AbortController();
    const onStep = () => {
      expect(keptSteps(out)).toEqual(keptPlaces(kSteps, 4).filter((step) => step <= 4));
      stop.abort(new Error('stopped'));
    };
    await expect(train({ resume: out }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
    await train({ resume: out });
    expect(hashesIn(out)).toEqual(hashesIn(kept.out!));
  });

  it('needs a folder, and a number of steps', async () => {
    const { out: _, ...nowhere } = kept;
    await expect(train(nowhere)).rejects.toThrow('train: expected out, a folder to keep keepSteps 4 in, got none');
    await expect(train({ ...kept, out: join(folder, 'never'), keepSteps: -1 })).rejects.toThrow(
      'train: expected keepSteps to be an integer from 1 to 999, got -1',
    );
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});

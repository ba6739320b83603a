// Claim "resume", seen from the checkpoint: it is enough at every place where a training can stop, and everything in it
// matters: a training that goes on from an altered one ends in other bits.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, type TensorFile, writeSafetensors } from '../../lib/index.js';
import { type Bits, train } from './trainings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-checkpoint-'));
let want: Bits;

beforeAll(async () => {
  want = await train({ out: path.join(folder, 'straight') });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a checkpoint', () => {
  it('written while validating is enough', async () => {
    const out = path.join(folder, 'validating');
    const stop = new AbortController();
    const onPhase = (phase: string) => phase === 'validating' && stop.abort(new Error('stopped'));
    await expect(train({ out }, { onPhase, signal: stop.signal })).rejects.toThrow('stopped');
    expect(await train({ resume: out })).toEqual(want);
  });

  it('of a finished training tells the same result again', async () => {
    expect(await train({ resume: path.join(folder, 'straight') })).toEqual(want);
  });
});

describe('control: other bits from a checkpoint with', () => {
  const out = path.join(folder, 'altered');
  const file = path.join(out, 'checkpoint.safetensors');
  let kept: TensorFile;

  beforeAll(async () => {
    const stop = new AbortController();
    const onStep = ({ step }: { step: number }) => step === 2 && stop.abort(new Error('stopped'));
    await expect(train({ out }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
    kept = readSafetensors(file);
  });

  const state = (change: (state: { iterations: number; progress: { step: number } }) => void) => () => {
    const parsed = JSON.parse(kept.metadata['state']!);
    change(parsed);
    return { ...kept, metadata: { ...kept.metadata, state: JSON.stringify(parsed) } };
  };
  const tensors = (name: string) => () => ({
    ...kept,
    tensors: kept.tensors.map((one) => (one.name === name ? { ...one, data: one.data.map((x) => x * 2) } : one)),
  });
  const changes: [string, () => TensorFile][] = [
    ['another place in the data', state((one) => (one.progress.step -= 1))],
    ['another number of steps done', state((one) => (one.iterations += 1))],
    ['another memory of the optimizer', tensors('rmsprop/conv2d/kernel/velocity')],
    ['another weight', tensors('dense/kernel')],
  ];
  it.each(changes)('%s', async (_what, altered) => {
    writeSafetensors(file, altered());
    rmSync(path.join(out, 'result.json'), { force: true });
    expect((await train({ resume: out })).weightsHash).not.toBe(want.weightsHash);
  });
});

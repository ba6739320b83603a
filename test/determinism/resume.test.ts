// Claim: a training stopped after any step and resumed ends in the same bits as one that was not stopped. Control: the
// same weights gone on with, but without what the optimizer and the random numbers remember, must differ.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  layers,
  loadWeights,
  type Model,
  optimizers,
  saveWeights,
  sequential,
  tensor,
  weightsHash,
} from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';
import { type Bits, kSteps, train } from './trainings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-resume-'));
let want: Bits;

beforeAll(async () => {
  want = await train();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains into `out` and stops after `step` steps of all epochs. */
async function stoppedAfter(step: number, out: string, resume?: string): Promise<void> {
  const stop = new AbortController();
  const reason = new Error('stopped by the test');
  const onStep = ({ epoch, step: inEpoch, steps }: { epoch: number; step: number; steps: number }) => {
    if ((epoch - 1) * steps + inEpoch === step) stop.abort(reason);
  };
  const place = resume === undefined ? { out } : { resume };
  await expect(train(place, { onStep, signal: stop.signal })).rejects.toBe(reason);
}

describe('a training stopped and resumed', () => {
  it.each(Array.from({ length: kSteps - 1 }, (_, i) => i + 1))('after step %d ends in the same bits', async (step) => {
    const out = path.join(folder, `step${step}`);
    await stoppedAfter(step, out);
    expect(await train({ resume: out })).toEqual(want);
  });

  it('after step 2, and again after step 5, with other threads each time, ends in the same bits', async () => {
    const out = path.join(folder, 'twice');
    await stoppedAfter(2, out);
    await stoppedAfter(5, out, out);
    expect(await train({ resume: out, threads: 3 })).toEqual(want);
  });
});

describe('control', () => {
  const runtime = createRuntime({ threads: 1 });
  const x = uniforms(5, 5000, 8 * 6);
  const y = Float32Array.from({ length: 8 }, (_, i) => i % 2);
  afterAll(() => runtime.dispose());

  function build(): Model {
    const model = sequential([
      layers.input({ shape: [6] }),
      layers.dense({ units: 5, activation: 'relu' }),
      layers.dropout({ rate: 0.4 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ]);
    return model.compile({ runtime, loss: 'binaryCrossentropy', optimizer: optimizers.rmsprop(), seed: 9 });
  }

  function steps(model: Model, count: number): void {
    for (let i = 0; i < count; ++i) {
      model.trainOnBatch(tensor(runtime, x, [8, 6]), tensor(runtime, y, [8, 1]));
    }
  }

  it('the weights alone, without optimizer state and step counter, do not lead to the same bits', async () => {
    const [straight, first, second] = [build(), build(), build()];
    steps(straight, 4);
    steps(first, 2);
    const file = path.join(folder, 'weights.safetensors');
    await saveWeights(first, file);
    await loadWeights(second, file);
    expect(weightsHash(second)).toBe(weightsHash(first));
    steps(first, 2);
    steps(second, 2);
    expect(weightsHash(first)).toBe(weightsHash(straight));
    expect(weightsHash(second)).not.toBe(weightsHash(straight));
  });
});

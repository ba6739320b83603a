// The claims for a short training of every network known by name, a narrow one: the same weights, losses and predictions with one
// thread and two, on every instruction set, and stopped and resumed. Control: another seed. Those of Leventi-Peetz and Oestreich have
// theirs in training.test.ts.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { models } from '../../lib/networks/index.js';
import { deterministicTargets } from '../support/targets.js';
import { narrowTrainings } from './narrow.js';
import { train } from './trainings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-networks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const trainings = narrowTrainings(folder);
const own = Object.keys(models).filter((name) => !/^keras_convnet$|^mini_xception/.test(name));

it('is there for every network of the table', () => {
  expect(Object.keys(trainings)).toEqual(own);
});

describe.each(own)('a short training of %s', (model) => {
  const settings = trainings[model]!;

  it('is the same bits with one thread and two, on every instruction set, and resumed', async () => {
    const want = await train(settings);
    for (const { isa } of deterministicTargets) expect(await train({ ...settings, isa, threads: 1 })).toEqual(want);
    const out = path.join(folder, model);
    const stop = new AbortController();
    const reason = new Error('stopped by the test');
    const onStep = ({ epoch, step }: { epoch: number; step: number }) => {
      if (epoch === 2 && step === 1) stop.abort(reason);
    };
    await expect(train({ ...settings, out, threads: 1 }, { onStep, signal: stop.signal })).rejects.toBe(reason);
    expect(await train({ ...settings, resume: out, threads: 2 })).toEqual(want);
    expect((await train({ ...settings, seed: 7, isa: 'auto' })).weightsHash).not.toBe(want.weightsHash);
  });

  it('is the same bits in atomic mode where the order of arrival is drawn from a seed', async () => {
    const drawn = { ...settings, mode: 'atomic', arrivalSeed: 3 } as const;
    expect(await train({ ...drawn, threads: 1 })).toEqual(await train({ ...drawn, threads: 2 }));
  });
});

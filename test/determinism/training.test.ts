// The claims for a whole training of each network: the same weights, losses and predictions run after run, with any
// number of threads, on every instruction set, in a fresh process, and stopped and resumed. Controls: another seed, and
// atomic mode twice. Every step at which a training may stop is in resume.test.ts.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainOptions } from '../../lib/index.js';
import { runChild } from '../support/child.js';
import { deterministicTargets } from '../support/targets.js';
import { type Bits, kRacing, kSteps, train } from './trainings.js';

// The smallest pictures that each network takes, or close to them: the scalar build trains them too.
const networks = [
  { model: 'keras_convnet', imageSize: 78 },
  { model: 'mini_xception', imageSize: 33 },
  { model: 'mini_xception_conv', imageSize: 33 },
];

describe.each(networks)('one training of $model', (network) => {
  const again = (changes: Partial<TrainOptions> = {}) => train({ ...network, ...changes });
  let want: Bits;
  beforeAll(async () => {
    want = await again();
  });

  it('is the same bits again', async () => {
    expect(await again()).toEqual(want);
  });

  it.each([1, 3, 7])('is the same bits with %d threads', async (threads) => {
    expect(await again({ threads })).toEqual(want);
  });

  it.each(deterministicTargets)('is the same bits on $name', async ({ isa }) => {
    expect(await again({ isa })).toEqual(want);
  });

  it('is the same bits in a fresh process', async () => {
    const child = new URL('./training_child.ts', import.meta.url);
    const printed = await runChild(child, [JSON.stringify(network)], { LC_ALL: 'C', MALLOC_PERTURB_: '90' });
    expect(JSON.parse(printed)).toEqual(want);
  });

  it('is the same bits stopped in its second epoch and resumed with other threads', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'samebits-training-'));
    try {
      const stop = new AbortController();
      const reason = new Error('stopped by the test');
      const onStep = ({ epoch, step }: { epoch: number; step: number }) => {
        if (epoch === 2 && step === 1) stop.abort(reason);
      };
      await expect(train({ ...network, out }, { onStep, signal: stop.signal })).rejects.toBe(reason);
      expect(await again({ resume: out, threads: 3 })).toEqual(want);
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('control: another seed gives other weights', async () => {
    expect((await again({ seed: 1002 })).weightsHash).not.toBe(want.weightsHash);
  });

  it('control: atomic mode does not repeat itself', async () => {
    const hashes = new Set<string>();
    for (let run = 0; run < 40 && hashes.size < 2; ++run) hashes.add((await again(kRacing)).weightsHash);
    expect(hashes.size).toBeGreaterThan(1);
  });
});

it('trains for as many steps as the stops of resume.test.ts count on', async () => {
  let steps = 0;
  await train({}, { onStep: () => void ++steps });
  expect(steps).toBe(kSteps);
});

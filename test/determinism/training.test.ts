// The claims for a whole training: the same weights, losses and predictions run after run, with any number of threads,
// on every instruction set and in a fresh process. Controls: another seed, and atomic mode twice.

import { beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { deterministicTargets } from '../support/targets.js';
import { type Bits, train } from './trainings.js';

let want: Bits;

beforeAll(async () => {
  want = await train();
});

describe('one training', () => {
  it('is the same bits again', async () => {
    expect(await train()).toEqual(want);
  });

  it.each([1, 3, 7])('is the same bits with %d threads', async (threads) => {
    expect(await train({ threads })).toEqual(want);
  });

  it.each(deterministicTargets)('is the same bits on $name', async ({ isa }) => {
    expect(await train({ isa })).toEqual(want);
  });

  it('is the same bits in a fresh process', async () => {
    const child = new URL('./training_child.ts', import.meta.url);
    expect(JSON.parse(await runChild(child, [], { LC_ALL: 'C', MALLOC_PERTURB_: '90' }))).toEqual(want);
  });
});

describe('control', () => {
  it('another seed gives other weights', async () => {
    expect((await train({ seed: 1002 })).weightsHash).not.toBe(want.weightsHash);
  });

  it('atomic mode does not repeat itself', async () => {
    const hashes = new Set<string>();
    for (let run = 0; run < 40 && hashes.size < 2; ++run) {
      hashes.add((await train({ mode: 'atomic', threads: 3 })).weightsHash);
    }
    expect(hashes.size).toBeGreaterThan(1);
  });
});

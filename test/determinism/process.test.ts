// Claim: the same bits in a fresh process. Control: racing sums in atomic mode must differ between processes.

import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { digestOf } from '../support/digest.js';
import { deterministicTargets } from '../support/targets.js';
import { testRuntime } from '../support/test_runtime.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { distinctSums } from './racing.js';

const script = new URL('./process_child.ts', import.meta.url);

async function inFreshProcess<T>(
  what: 'cases' | 'racing',
  options: Record<string, unknown>,
  env: Record<string, string> = {},
): Promise<T> {
  return JSON.parse(await runChild(script, [what, JSON.stringify({ device: 'cpu', ...options })], env)) as T;
}

describe.each(deterministicTargets)('$name', ({ isa, mode }) => {
  it(`every case has the same digest here and in a fresh process with another environment, seed ${kSeed}`, async () => {
    using runtime = testRuntime({ isa, mode, threads: 2 });
    const here: Record<string, string> = {};
    for (const claimed of await claimedCases()) here[claimed.title] = digestOf(runClaimed(runtime, claimed));
    // Address layout, locale and allocator settings differ; none of them may matter.
    const env = { LC_ALL: 'C', TZ: 'Asia/Kolkata', MALLOC_PERTURB_: '165', SAMEBITS_UNUSED: 'x'.repeat(1000) };
    expect(await inFreshProcess('cases', { isa, mode, threads: 2 }, env)).toEqual(here);
  });
});

describe('control', () => {
  it('racing sums are the same single result in every process in deterministic mode', async () => {
    const sums = await inFreshProcess<number[]>('racing', { isa: 'auto', mode: 'deterministic', threads: 2 });
    expect(new Set(sums)).toEqual(distinctSums({ mode: 'deterministic', threads: 2, runs: 1 }));
  });

  it('racing sums in atomic mode differ between processes', async () => {
    const options = { isa: 'auto', mode: 'atomic', threads: 2 };
    const runs = [await inFreshProcess('racing', options), await inFreshProcess('racing', options)];
    expect(runs[0]).not.toEqual(runs[1]);
  });
});

// Claim: the same bits run after run on the same target. Control: atomic mode, on sums large enough to race, must
// give more than one result.

import { afterAll, describe, expect, it } from 'vitest';
import { expectSameResult } from '../support/compare.js';
import { extremeTargets, keptRuntime } from '../support/targets.js';
import { testRuntime } from '../support/test_runtime.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { distinctSums, kManyRuns } from './racing.js';

const cases = await claimedCases();

describe.each(extremeTargets)('$name', (target) => {
  const { isa, mode } = target;
  const other = testRuntime({ isa, mode, threads: 2 });
  afterAll(() => other.dispose());
  it.each(cases)(`$title gives the same bits four times in one runtime and in another, seed ${kSeed}`, (claimed) => {
    const runtime = keptRuntime(target, 2);
    const inputs = claimed.inputs();
    const first = runClaimed(runtime, claimed, inputs);
    for (let run = 0; run < 3; ++run) expectSameResult('again', runClaimed(runtime, claimed, inputs), first);
    expectSameResult('another runtime', runClaimed(other, claimed, inputs), first);
  });
});

describe('control', () => {
  it('300 racing sums in deterministic mode are one bit pattern', () => {
    expect(distinctSums({ mode: 'deterministic', threads: 2, runs: 300 }).size).toBe(1);
  });

  it('racing sums in atomic mode are more than one bit pattern', () => {
    expect(distinctSums({ mode: 'atomic', threads: 2, runs: kManyRuns, enough: 2 }).size).toBeGreaterThan(1);
  });
});

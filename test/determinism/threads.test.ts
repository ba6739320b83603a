// Claim: the same bits with any number of threads. Controls: a sum split by the number of threads, as usual libraries
// split it, must differ; so must atomic mode with several threads.

import { describe, expect, it } from 'vitest';
import { add } from '../contract/float32.js';
import { sumOfValues } from '../contract/order.js';
import { expectSameResult } from '../support/compare.js';
import { deterministicTargets, keptRuntime } from '../support/targets.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { distinctSums, kManyRuns, longRacyValues, racyValues } from './racing.js';

const kThreads = [1, 2, 3, 7];
const cases = await claimedCases();

describe.each(deterministicTargets)('$name', (target) => {
  it.each(cases)(`$title gives the same bits with 1, 2, 3 and 7 threads, seed ${kSeed}`, (claimed) => {
    const inputs = claimed.inputs();
    const results = kThreads.map((threads) => runClaimed(keptRuntime(target, threads), claimed, inputs));
    results.forEach((result, i) => {
      expectSameResult(`${kThreads[i]} threads`, result, results[0]!);
    });
  });
});

/** The usual split: one contiguous part for each thread, the parts added in turn. */
function splitByThreads(values: Float32Array, threads: number): number {
  const part = Math.ceil(values.length / threads);
  let total = 0;
  for (let start = 0; start < values.length; start += part) {
    total = add(total, sumOfValues(values.subarray(start, start + part)));
  }
  return total;
}

describe('control', () => {
  it('a sum split by the number of threads depends on it', () => {
    const values = racyValues();
    const sums = kThreads.map((threads) => splitByThreads(values, threads));
    expect(new Set(sums).size).toBeGreaterThan(1);
  });

  it('the same values in deterministic mode give one sum with 1, 2, 3 and 7 threads, the contract’s', () => {
    const sums = kThreads.flatMap((threads) => [...distinctSums({ mode: 'deterministic', threads, runs: 3 })]);
    expect(new Set(sums)).toEqual(new Set([sumOfValues(longRacyValues())]));
  });

  it('the same values in atomic mode give several sums', () => {
    const sums = [2, 3, 7].map((threads) => distinctSums({ mode: 'atomic', threads, runs: kManyRuns, enough: 2 }));
    for (const found of sums) expect(found.size).toBeGreaterThan(1);
  });
});

// Claim: the same bits wherever in memory a tensor lies. Control: a sum that begins its lanes at an aligned address,
// as libraries do that peel a loop, must depend on the address.

import { afterAll, describe, expect, it } from 'vitest';
import { add } from '../contract/float32.js';
import { joinTree } from '../contract/order.js';
import { expectSameResult } from '../support/compare.js';
import { ShiftedRuntime } from '../support/shifted_runtime.js';
import { deterministicTargets, keptRuntime } from '../support/targets.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { racyValues } from './racing.js';

const kShifts = [1, 2, 3, 8, 13];
const cases = await claimedCases();

describe.each(deterministicTargets)('$name', (target) => {
  const { isa, mode } = target;
  const shifted = kShifts.map((shift) => new ShiftedRuntime({ isa, mode, threads: 2 }, shift));
  afterAll(() => {
    for (const runtime of shifted) runtime.dispose();
  });
  it.each(cases)(`$title gives the same bits at five distances from alignment, seed ${kSeed}`, (claimed) => {
    const inputs = claimed.inputs();
    const want = runClaimed(keptRuntime(target, 2), claimed, inputs);
    shifted.forEach((runtime, i) => {
      expectSameResult(`shift ${kShifts[i]}`, runClaimed(runtime, claimed, inputs), want);
    });
  });
});

describe('control', () => {
  /** Adds values singly up to an aligned address, then in 16 lanes, as a peeled loop does. */
  function peeledSum(values: Float32Array, address: number): number {
    const peel = (16 - (address % 16)) % 16;
    let head = 0;
    for (let i = 0; i < peel; ++i) head = add(head, values[i]!);
    const lanes = new Array<number>(16).fill(0);
    for (let i = peel; i < values.length; ++i) {
      lanes[(i - peel) % 16] = add(lanes[(i - peel) % 16]!, values[i]!);
    }
    return add(head, joinTree(lanes));
  }

  it('a peeled loop gives other bits at other addresses', () => {
    const values = racyValues();
    expect(new Set(kShifts.map((shift) => peeledSum(values, shift))).size).toBeGreaterThan(1);
  });
});

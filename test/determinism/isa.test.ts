// Claim: the same bits on every instruction set. Controls: lanes as wide as the registers of an instruction set, and
// multiply-add fused or not as a compiler likes, must differ.

import { describe, expect, it } from 'vitest';
import { add, f32, fma, mul } from '../contract/float32.js';
import { joinTree, sumOfValues } from '../contract/order.js';
import { expectSameResult } from '../support/compare.js';
import { drawStrange } from '../support/inputs.js';
import { deterministicTargets, keptRuntime, missingTargets } from '../support/targets.js';
import { claimedCases, kSeed, runClaimed } from './claims.js';
import { racyValues } from './racing.js';

const cases = await claimedCases();

for (const { name, reason } of missingTargets) console.info(`isa: ${name} is not run here: ${reason}`);

it('scalar is always there to compare with', () => {
  expect(deterministicTargets[0]?.isa).toBe('scalar');
});

describe.each(cases)('$title', (claimed) => {
  it.each([
    ['ordinary values', () => claimed.inputs()],
    ['NaN, infinities, denormals and signed zeros', () => drawStrange(claimed.case.inputs, kSeed)],
  ] as const)(`has the same bits on every instruction set: %s, seed ${kSeed}`, (_name, draw) => {
    const inputs = draw();
    const results = deterministicTargets.map((target) => runClaimed(keptRuntime(target, 2), claimed, inputs));
    results.forEach((result, i) => {
      expectSameResult(deterministicTargets[i]!.name, result, results[0]!);
    });
  });
});

/** A sum whose lanes follow the register width instead of the contract. */
function laneSum(values: Float32Array, width: number): number {
  const lanes = new Array<number>(width).fill(0);
  values.forEach((value, i) => {
    lanes[i % width] = add(lanes[i % width]!, value);
  });
  return joinTree(lanes);
}

describe('control', () => {
  const values = racyValues();

  it('lanes of 1, 4, 8 and 16 give different sums, and none is bound to be the contract’s', () => {
    const sums = [1, 4, 8, 16].map((width) => laneSum(values, width));
    expect(new Set(sums).size).toBeGreaterThan(2);
    expect(new Set([...sums, sumOfValues(values)]).size).toBeGreaterThan(2);
  });

  it('fusing the multiply-add changes a dot product', () => {
    const thirds = values.map((value, i) => f32(value / (3 + (i % 7))));
    const dot = (step: (a: number, b: number, c: number) => number) =>
      thirds.reduce((chain, value, i) => step(value, thirds[thirds.length - 1 - i]!, chain), 0);
    expect(dot(fma)).not.toBe(dot((a, b, c) => add(mul(a, b), c)));
  });
});

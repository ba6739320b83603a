// Comparing whole case results, outputs and gradients, bit for bit.

import { expect } from 'vitest';
import type { Floats } from '../cases/case.js';
import { expectSameBits, firstDifference } from './bits.js';
import { type AnyTable, type CaseResult, drawUpstream, type Upstream } from './run_case.js';

/** Fails with the first difference unless two results of one case are the same bits. */
export function expectSameResult(label: string, got: CaseResult, want: CaseResult): void {
  expectSameBits(`${label} output`, got.y.data, want.y.data);
  got.gradients.forEach((gradient, i) => {
    const other = want.gradients[i] ?? null;
    expect(gradient === null, `${label} lacks gradient ${i}`).toBe(other === null);
    if (gradient && other) expectSameBits(`${label} gradient ${i}`, gradient.data, other.data);
  });
}

/** Whether two results of one case differ anywhere. */
export function differs(a: CaseResult, b: CaseResult): boolean {
  const pairs: [Floats | null | undefined, Floats | null | undefined][] = [[a.y, b.y]];
  a.gradients.forEach((gradient, i) => {
    pairs.push([gradient, b.gradients[i]]);
  });
  return pairs.some(([one, other]) => one && other && firstDifference(one.data, other.data) !== undefined);
}

/** What the second implementation of the contract gives for a case, with the gradients that `native` has. */
export function byContract(
  table: AnyTable,
  settings: unknown,
  inputs: readonly Floats[],
  native: CaseResult,
  upstream: Upstream,
): CaseResult {
  if (table.contract === undefined) throw new Error(`test/cases: ${table.op} has no second implementation`);
  const y = table.contract.forward(inputs, settings);
  const dy = drawUpstream(y.shape, upstream);
  const all = table.contract.gradients?.(inputs, y, dy, settings) ?? inputs.map(() => null);
  return { y, gradients: all.map((gradient, i) => (native.gradients[i] ? gradient : null)) };
}

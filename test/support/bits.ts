// Comparing results bit for bit: where two arrays first differ, in hex, every NaN counted as one value.

import { expect } from 'vitest';
import { bitsOf } from '../contract/float32.js';

const hex = (value: number): string => `0x${bitsOf(value).toString(16).padStart(8, '0')} (${value})`;

/** The first place where two results differ, as a sentence; undefined when they are the same bits. */
export function firstDifference(got: ArrayLike<number>, want: ArrayLike<number>): string | undefined {
  if (got.length !== want.length) return `expected ${want.length} values, got ${got.length}`;
  let first = -1;
  let differing = 0;
  for (let i = 0; i < got.length; ++i) {
    if (got[i] === want[i] && got[i] !== 0) continue;
    if (bitsOf(got[i]!) === bitsOf(want[i]!)) continue;
    if (differing === 0) first = i;
    differing += 1;
  }
  if (differing === 0) return undefined;
  return `element ${first}: expected ${hex(want[first]!)}, got ${hex(got[first]!)}; ${differing} of ${got.length} differ`;
}

/** Fails with the first difference unless both results are the same bits. */
export function expectSameBits(label: string, got: ArrayLike<number>, want: ArrayLike<number>): void {
  const difference = firstDifference(got, want);
  if (difference !== undefined) expect.fail(`${label}: ${difference}`);
}

/** Fails when a result says nothing: all zero, or anything in it NaN or infinite. */
export function expectMeaningful(label: string, values: ArrayLike<number>): void {
  if (values.length === 0) expect.fail(`${label}: expected values, got none`);
  let others = 0;
  for (let i = 0; i < values.length; ++i) {
    if (!Number.isFinite(values[i])) expect.fail(`${label}: expected finite values, got NaN or infinity`);
    if (values[i] !== 0) others += 1;
  }
  if (others === 0) expect.fail(`${label}: expected some value other than 0`);
}

/**
 * Fails unless every value is within `tolerance` of the judge's, relative to the judge's largest magnitude, or to that of `summands`
 * where it is larger: it is asked only where a value is not near otherwise.
 */
export function expectClose(
  label: string,
  got: ArrayLike<number>,
  judge: ArrayLike<number>,
  tolerance: number,
  summands: () => number = () => 0,
): void {
  if (got.length !== judge.length) expect.fail(`${label}: expected ${judge.length} values, got ${got.length}`);
  let scale = 0;
  for (let i = 0; i < judge.length; ++i) scale = Math.max(scale, Math.abs(judge[i]!));
  for (let i = 0; i < got.length; ++i) {
    const distance = Math.abs(got[i]! - judge[i]!);
    if (!(distance <= tolerance * scale)) scale = Math.max(scale, summands());
    if (!(distance <= tolerance * scale)) {
      expect.fail(`${label}: element ${i}: expected ${judge[i]} within ${tolerance * scale}, got ${got[i]}`);
    }
  }
}

// What the tests of the door share: calls straight to the addon, below the checks of TypeScript.

import { expect } from 'vitest';
import { type NativeRuntime, type NativeTensor, native } from '../../lib/addon/index.js';
import { SamebitsError } from '../../lib/errors/index.js';

/** Runs `body` with a native runtime that is disposed afterwards. */
export function withRuntime<T>(body: (runtime: NativeRuntime) => T, threads = 2): T {
  const runtime = native.createRuntime('scalar', 'deterministic', threads);
  try {
    return body(runtime);
  } finally {
    runtime.dispose();
  }
}

/** A float32 tensor of these values in the runtime's memory. */
export function floats(runtime: NativeRuntime, values: readonly number[], shape = [values.length]): NativeTensor {
  const storage = native.allocate(runtime, 4 * values.length);
  native.write(storage, Float32Array.from(values), 0);
  return { storage, dtype: 0, shape };
}

/** The values of a float32 tensor. */
export function valuesOf({ storage, shape }: NativeTensor): number[] {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  native.read(storage, values, 0);
  return [...values];
}

/** Expects a refusal of our own classes with exactly this message and code. */
export function expectRefusal(body: () => unknown, code: string, message: string): void {
  let refusal: unknown;
  try {
    body();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(SamebitsError);
  expect((refusal as SamebitsError).message).toBe(message);
  expect((refusal as SamebitsError).code).toBe(code);
}

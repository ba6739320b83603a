// Gradients by central differences of a float64 judge: every element of a small input, and along random
// directions for a large one.

import type { Values } from '../cases/case.js';
import { uniforms } from './inputs.js';

const kStep = 1e-6;
const kSmall = 40;
const kDirections = 6;

// Plain loops here and below: large cases are measured along six directions.
function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i]! * b[i]!;
  return sum;
}

/** `a + step * b`. */
function along(a: Float64Array, step: number, b: Float64Array): Float64Array {
  const moved = new Float64Array(a.length);
  for (let i = 0; i < a.length; ++i) moved[i] = a[i]! + step * b[i]!;
  return moved;
}

/** One measured derivative: along which direction, and its value by differences. */
export interface Slope {
  readonly direction: Float64Array;
  readonly slope: number;
}

/** The slopes of `sum(f(x) * dy)` at `x` along each axis, or along random directions where there are many axes. */
export function slopes(f: (x: Values) => Values, x: Values, dy: Values, seed: number): Slope[] {
  const size = x.data.length;
  const axis = (k: number) => new Float64Array(size).fill(1, k, k + 1);
  const random = (k: number) => new Float64Array(uniforms(seed, 3000 + k, size)).map((u) => 2 * u - 1);
  const directions = Array.from({ length: Math.min(size, size <= kSmall ? size : kDirections) }, (_, k) =>
    size <= kSmall ? axis(k) : random(k),
  );
  return directions.map((direction) => {
    const at = (step: number) => f({ shape: x.shape, data: along(x.data, step, direction) });
    return { direction, slope: (dot(at(kStep).data, dy.data) - dot(at(-kStep).data, dy.data)) / (2 * kStep) };
  });
}

/** The same slope as a gradient says it. */
export const slopeAlong = (gradient: Float64Array, { direction }: Slope): number => dot(gradient, direction);

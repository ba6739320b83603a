// Gradients by central differences of a float64 judge: every element of a small input, and along random
// directions for a large one.

import type { Values } from '../cases/case.js';
import { uniforms } from './inputs.js';

const kStep = 1e-6;
const kSmall = 40;
const kDirections = 6;

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** One measured derivative: along which direction, and its value by differences. */
export interface Slope {
  readonly direction: Float64Array;
  readonly slope: number;
}

/** The slopes of `sum(f(x) * dy)` at `x` along each axis, or along random directions where there are many axes. */
export function slopes(f: (x: Values) => Values, x: Values, dy: Values, seed: number): Slope[] {
  const size = x.data.length;
  const axis = (k: number) => Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));
  const random = (k: number) => Float64Array.from(uniforms(seed, 3000 + k, size), (u) => 2 * u - 1);
  const directions = Array.from({ length: Math.min(size, size <= kSmall ? size : kDirections) }, (_, k) =>
    size <= kSmall ? axis(k) : random(k),
  );
  return directions.map((direction) => {
    const at = (step: number) => f({ shape: x.shape, data: x.data.map((v, i) => v + step * direction[i]!) });
    return { direction, slope: (dot(at(kStep).data, dy.data) - dot(at(-kStep).data, dy.data)) / (2 * kStep) };
  });
}

/** The same slope as a gradient says it. */
export const slopeAlong = (gradient: Float64Array, { direction }: Slope): number => dot(gradient, direction);

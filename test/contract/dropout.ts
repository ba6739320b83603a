// dropout of docs/contract.md: kept where the uniform of the element is at least the rate.

import { div, f32, mul, sub } from './float32.js';
import { type Stream, unitUniform } from './philox.js';

/** The forward pass on x, or the gradient on dy: the same mask and scale. */
export function dropout(x: Float32Array, rate: number, source: Stream): Float32Array {
  const threshold = f32(rate);
  const scale = div(1, sub(1, threshold));
  const u = unitUniform(source, x.length);
  return x.map((value, i) => (u[i]! >= threshold ? mul(value, scale) : 0));
}

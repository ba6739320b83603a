// softmax of docs/contract.md over the last axis, rows of `size` values.

import { exp, log } from './elementary.js';
import { add, div, fma, mul, sub } from './float32.js';
import { sumOfValues, sumOverMemory } from './order.js';

/** m = max ascending, y = (x - m) - log(s), s = sum of exp(x - m) by rule 4. */
function logRow(x: Float32Array): number[] {
  let best = x[0]!;
  for (const v of x) if (v > best || (Number.isNaN(v) && !Number.isNaN(best))) best = v;
  const less = Array.from(x, (v) => sub(v, best));
  const shift = log(sumOfValues(less.map(exp)));
  return less.map((v) => sub(v, shift));
}

export function logSoftmax(x: Float32Array, size: number): Float32Array {
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += size) y.set(logRow(x.subarray(start, start + size)), start);
  return y;
}

/** d = sum of dy by rule 4; dx = dy - exp(y) * d. */
export function logSoftmaxGradient(y: Float32Array, dy: Float32Array, size: number): Float32Array {
  return Float32Array.from(y, (value, at) => {
    const start = at - (at % size);
    const d = sumOverMemory(size, (lane, i) => add(lane, dy[start + i]!));
    return sub(dy[at]!, mul(exp(value), d));
  });
}

/** m = max ascending, e = exp(x - m), s by rule 4, y = e / s. */
function row(x: Float32Array): number[] {
  let best = x[0]!;
  for (const v of x) if (v > best || (Number.isNaN(v) && !Number.isNaN(best))) best = v;
  const e = Array.from(x, (v) => exp(sub(v, best)));
  const total = sumOfValues(e);
  return e.map((v) => div(v, total));
}

export function softmax(x: Float32Array, size: number): Float32Array {
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += size) y.set(row(x.subarray(start, start + size)), start);
  return y;
}

/** d = sum of dy * y by rule 4 with fma; dx = y * (dy - d). */
export function softmaxGradient(y: Float32Array, dy: Float32Array, size: number): Float32Array {
  return Float32Array.from(y, (value, at) => {
    const start = at - (at % size);
    const d = sumOverMemory(size, (lane, i) => fma(dy[start + i]!, y[start + i]!, lane));
    return mul(value, sub(dy[at]!, d));
  });
}

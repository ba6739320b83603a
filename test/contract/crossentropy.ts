// The cross-entropies of docs/contract.md, [n, values]: each returns the batch's loss; gradients take the
// upstream scalar.

import { exp, log, log1p, sigmoid } from './elementary.js';
import { add, div, f32, max, min, mul, sub } from './float32.js';
import { countAsFloat, sumOfValues, sumOverBatch } from './order.js';

const kLow = f32(1e-7);
const kHigh = f32(1 - 1e-7);
const clip = (p: number): number => min(max(p, kLow), kHigh);
const clipped = (p: number): boolean => p < kLow || p > kHigh;

/** The mean over each sample's losses by rule 4, then the samples by rule 3, divided by n. */
function batchLoss(n: number, losses: Float32Array): number {
  const values = losses.length / n;
  const sample = (at: number) =>
    div(sumOfValues(losses.subarray(at * values, (at + 1) * values)), countAsFloat(values));
  return div(sumOverBatch(n, sample), countAsFloat(n));
}

export function binaryCrossentropy(n: number, t: Float32Array, p: Float32Array): number {
  const losses = p.map((raw, i) => {
    const q = clip(raw);
    return -add(mul(t[i]!, log(q)), mul(sub(1, t[i]!), log(sub(1, q))));
  });
  return batchLoss(n, losses);
}

export function binaryCrossentropyGradient(t: Float32Array, p: Float32Array, upstream: number): Float32Array {
  const count = countAsFloat(p.length);
  return p.map((q, i) => (clipped(q) ? 0 : mul(div(div(sub(q, t[i]!), mul(q, sub(1, q))), count), upstream)));
}

export function binaryCrossentropyFromLogits(n: number, t: Float32Array, z: Float32Array): number {
  const losses = z.map((v, i) => add(sub(max(v, 0), mul(v, t[i]!)), log1p(exp(-Math.abs(v)))));
  return batchLoss(n, losses);
}

export function binaryCrossentropyFromLogitsGradient(t: Float32Array, z: Float32Array, upstream: number): Float32Array {
  const count = countAsFloat(z.length);
  return z.map((v, i) => mul(div(sub(sigmoid(v), t[i]!), count), upstream));
}

/** Over the last axis of [n, classes]: s by rule 4, q = p / s clipped, l = -sum(t * log(q)) by rule 4. */
export function categoricalCrossentropy(n: number, t: Float32Array, p: Float32Array): number {
  const classes = p.length / n;
  const losses = Float32Array.from({ length: n }, (_, sample) => {
    const at = sample * classes;
    const total = sumOfValues(p.subarray(at, at + classes));
    const terms = Float32Array.from({ length: classes }, (_, k) => mul(t[at + k]!, log(clip(div(p[at + k]!, total)))));
    return -sumOfValues(terms);
  });
  return batchLoss(n, losses);
}

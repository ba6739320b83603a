// The cross-entropies of docs/contract.md, [n, values]: each returns the batch's loss; gradients take the
// upstream scalar.

import { exp, log, log1p, sigmoid } from './elementary.js';
import { add, div, f32, fma, max, min, mul, sub } from './float32.js';
import { countAsFloat, sumOfValues, sumOverBatch, sumOverMemory } from './order.js';

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

/** One position of categorical cross-entropy: its probabilities divided by their sum, and its targets. */
interface Position {
  readonly s: number;
  readonly q: Float32Array;
  readonly t: Float32Array;
}

/** The positions of [n, ..., classes], each with s by rule 4 and q = p / s. */
function positionsOf(classes: number, t: Float32Array, p: Float32Array): Position[] {
  return Array.from({ length: p.length / classes }, (_, at) => {
    const row = p.subarray(at * classes, (at + 1) * classes);
    const s = sumOfValues(row);
    return { s, q: row.map((value) => div(value, s)), t: t.subarray(at * classes, (at + 1) * classes) };
  });
}

/** l = -sum(t * log(clipped q)) by rule 4 at each position, then as every batch loss. */
export function categoricalCrossentropy(n: number, classes: number, t: Float32Array, p: Float32Array): number {
  const losses = positionsOf(classes, t, p).map(
    ({ q, t: target }) => -sumOfValues(q.map((value, k) => mul(target[k]!, log(clip(value))))),
  );
  return batchLoss(n, Float32Array.from(losses));
}

/** g = +0 where clipped, otherwise -(t / q); d = sum of g * q; dp = (((g - d) / s) / positions) * upstream. */
export function categoricalCrossentropyGradient(
  classes: number,
  t: Float32Array,
  p: Float32Array,
  upstream: number,
): Float32Array {
  const positions = positionsOf(classes, t, p);
  const count = countAsFloat(positions.length);
  const gradient = new Float32Array(p.length);
  positions.forEach(({ s, q, t: target }, at) => {
    const g = q.map((value, k) => (clipped(value) ? 0 : -div(target[k]!, value)));
    const d = sumOverMemory(classes, (lane, k) => fma(g[k]!, q[k]!, lane));
    gradient.set(
      g.map((value) => mul(div(div(sub(value, d), s), count), upstream)),
      at * classes,
    );
  });
  return gradient;
}

/** One position of logits: exp(z - m) with m the largest, and their sum by rule 4. */
function exponentialsOf(z: Float32Array): { m: number; e: Float32Array; s: number } {
  const m = z.reduce((best, v) => (v > best || (Number.isNaN(v) && !Number.isNaN(best)) ? v : best));
  const e = z.map((v) => exp(sub(v, m)));
  return { m, e, s: sumOfValues(e) };
}

const rowsOf = (classes: number, values: Float32Array) =>
  Array.from({ length: values.length / classes }, (_, at) => values.subarray(at * classes, (at + 1) * classes));

/** l = sum(t * (log(s) - (z - m))) by rule 4 at each position, then as every batch loss. */
export function categoricalCrossentropyFromLogits(
  n: number,
  classes: number,
  t: Float32Array,
  z: Float32Array,
): number {
  const targets = rowsOf(classes, t);
  const losses = rowsOf(classes, z).map((row, at) => {
    const { m, s } = exponentialsOf(row);
    return sumOfValues(row.map((v, k) => mul(targets[at]![k]!, sub(log(s), sub(v, m)))));
  });
  return batchLoss(n, Float32Array.from(losses));
}

/** dz = ((exp(z - m) / s - t) / positions) * upstream. */
export function categoricalCrossentropyFromLogitsGradient(
  classes: number,
  t: Float32Array,
  z: Float32Array,
  upstream: number,
): Float32Array {
  const count = countAsFloat(z.length / classes);
  const softmax = rowsOf(classes, z).flatMap((row) => {
    const { e, s } = exponentialsOf(row);
    return Array.from(e, (value) => div(value, s));
  });
  return Float32Array.from(softmax, (value, i) => mul(div(sub(value, t[i]!), count), upstream));
}

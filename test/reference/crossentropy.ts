// The float64 judges of the cross-entropies: mean over each sample's values, then over the samples.

import type { Values } from '../cases/case.js';

// The bounds are the floats the library clips to: beside 1 the nearest float is 1 - 1.19e-7.
const kLow = Math.fround(1e-7);
const kHigh = Math.fround(1 - 1e-7);
const clip = (p: number): number => Math.min(Math.max(p, kLow), kHigh);
const scalar = (value: number): Values => ({ shape: [], data: Float64Array.of(value) });
const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

export function binaryCrossentropy(t: Values, p: Values): Values {
  const terms = p.data.map((value, i) => {
    const q = clip(value);
    return -(t.data[i]! * Math.log(q) + (1 - t.data[i]!) * Math.log(1 - q));
  });
  return scalar(meanOf(terms));
}

export function binaryCrossentropyGradient(t: Values, p: Values, dy: Values): Values {
  const data = p.data.map((q, i) =>
    q === clip(q) ? ((q - t.data[i]!) / (q * (1 - q)) / p.data.length) * dy.data[0]! : 0,
  );
  return { shape: p.shape, data };
}

export function binaryCrossentropyFromLogits(t: Values, z: Values): Values {
  const terms = z.data.map((v, i) => Math.max(v, 0) - v * t.data[i]! + Math.log1p(Math.exp(-Math.abs(v))));
  return scalar(meanOf(terms));
}

export function binaryCrossentropyFromLogitsGradient(t: Values, z: Values, dy: Values): Values {
  const data = z.data.map((v, i) => ((1 / (1 + Math.exp(-v)) - t.data[i]!) / z.data.length) * dy.data[0]!);
  return { shape: z.shape, data };
}

/** Over the last axis, with the probabilities first divided by their sum, as Keras does. */
export function categoricalCrossentropy(t: Values, p: Values): Values {
  const classes = p.shape.at(-1)!;
  const losses = new Float64Array(p.data.length / classes);
  for (let sample = 0; sample < losses.length; ++sample) {
    const row = p.data.subarray(sample * classes, (sample + 1) * classes);
    const total = row.reduce((a, b) => a + b, 0);
    row.forEach((value, k) => {
      losses[sample]! -= t.data[sample * classes + k]! * Math.log(clip(value / total));
    });
  }
  return scalar(meanOf(losses));
}

/** With q = p / s: dl/dq = -t / q where not clipped, dq_j/dp_k = ((j = k) - q_j) / s. */
export function categoricalCrossentropyGradient(t: Values, p: Values, dy: Values): Values {
  const classes = p.shape.at(-1)!;
  const samples = p.data.length / classes;
  const data = new Float64Array(p.data.length);
  for (let start = 0; start < data.length; start += classes) {
    const row = p.data.subarray(start, start + classes);
    const total = row.reduce((a, b) => a + b, 0);
    const slope = row.map((value, k) => {
      const q = value / total;
      return q === clip(q) ? -t.data[start + k]! / q : 0;
    });
    const common = slope.reduce((sum, value, k) => sum + (value * row[k]!) / total, 0);
    slope.forEach((value, k) => {
      data[start + k] = (((value - common) / total) * dy.data[0]!) / samples;
    });
  }
  return { shape: p.shape, data };
}

/** The log-softmax of a row. */
function logSoftmax(z: Float64Array): Float64Array {
  const largest = z.reduce((a, b) => Math.max(a, b));
  const total = Math.log(z.reduce((sum, v) => sum + Math.exp(v - largest), 0));
  return z.map((v) => v - largest - total);
}

export function categoricalCrossentropyFromLogits(t: Values, z: Values): Values {
  const classes = z.shape.at(-1)!;
  const losses = new Float64Array(z.data.length / classes);
  for (let row = 0; row < losses.length; ++row) {
    const logs = logSoftmax(z.data.subarray(row * classes, (row + 1) * classes));
    losses[row] = -logs.reduce((sum, value, k) => sum + value * t.data[row * classes + k]!, 0);
  }
  return scalar(meanOf(losses));
}

/** softmax - t, the slope where a row of t sums to 1; TensorFlow takes it for every t. */
export function categoricalCrossentropyFromLogitsGradient(t: Values, z: Values, dy: Values): Values {
  const classes = z.shape.at(-1)!;
  const rows = z.data.length / classes;
  const data = new Float64Array(z.data.length);
  for (let start = 0; start < data.length; start += classes) {
    logSoftmax(z.data.subarray(start, start + classes)).forEach((value, k) => {
      data[start + k] = ((Math.exp(value) - t.data[start + k]!) * dy.data[0]!) / rows;
    });
  }
  return { shape: z.shape, data };
}

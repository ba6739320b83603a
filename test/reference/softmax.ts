// The float64 judges of softmax and its logarithm over the last axis.

import type { Values } from '../cases/case.js';

export function softmax(x: Values): Values {
  const size = x.shape.at(-1)!;
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start += size) {
    const row = x.data.subarray(start, start + size);
    const largest = Math.max(...row);
    const e = row.map((value) => Math.exp(value - largest));
    const total = e.reduce((a, b) => a + b);
    data.set(
      e.map((value) => value / total),
      start,
    );
  }
  return { shape: x.shape, data };
}

export function softmaxGradient(x: Values, dy: Values): Values {
  const size = x.shape.at(-1)!;
  const y = softmax(x);
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start += size) {
    let dot = 0;
    for (let i = start; i < start + size; ++i) dot += y.data[i]! * dy.data[i]!;
    for (let i = start; i < start + size; ++i) data[i] = y.data[i]! * (dy.data[i]! - dot);
  }
  return { shape: x.shape, data };
}

export function logSoftmax(x: Values): Values {
  const size = x.shape.at(-1)!;
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start += size) {
    const row = x.data.subarray(start, start + size);
    const largest = Math.max(...row);
    const shift = Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    for (let i = start; i < start + size; ++i) data[i] = x.data[i]! - largest - shift;
  }
  return { shape: x.shape, data };
}

export function logSoftmaxGradient(x: Values, dy: Values): Values {
  const size = x.shape.at(-1)!;
  const y = softmax(x);
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start += size) {
    let total = 0;
    for (let i = start; i < start + size; ++i) total += dy.data[i]!;
    for (let i = start; i < start + size; ++i) data[i] = dy.data[i]! - y.data[i]! * total;
  }
  return { shape: x.shape, data };
}

// batch_norm as docs/contract.md states it: joined triples of count, mean and m2, then the formula, per channel.

import { add, div, f32, fma, mul, sqrt, sub } from './float32.js';
import { sumOverBatch, sumOverPositions } from './order.js';

const kPositions = 256;

interface Spread {
  count: number;
  mean: number;
  m2: number;
}

function join(a: Spread, b: Spread): Spread {
  const count = add(f32(a.count), f32(b.count));
  const delta = sub(b.mean, a.mean);
  return {
    count: a.count + b.count,
    mean: fma(delta, div(f32(b.count), count), a.mean),
    m2: fma(mul(delta, delta), div(mul(f32(a.count), f32(b.count)), count), add(a.m2, b.m2)),
  };
}

function joinTree(items: readonly Spread[]): Spread {
  if (items.length === 1) return items[0]!;
  let left = 1;
  while (left * 2 < items.length) left *= 2;
  return join(joinTree(items.slice(0, left)), joinTree(items.slice(left)));
}

function spreadOf(values: readonly number[]): Spread {
  const chunks: Spread[] = [];
  for (let start = 0; start < values.length; start += kPositions) {
    const chunk = values.slice(start, start + kPositions);
    const mean = div(chunk.reduce(add, 0), f32(chunk.length));
    const m2 = chunk.reduce((chain, value) => fma(sub(value, mean), sub(value, mean), chain), 0);
    chunks.push({ count: chunk.length, mean, m2 });
  }
  return joinTree(chunks);
}

/** The channel's values, one array per sample. */
function samplesOf(shape: readonly number[], data: Float32Array, channel: number): number[][] {
  const channels = shape.at(-1)!;
  const perSample = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, n) => {
    const values: number[] = [];
    for (let at = n * perSample + channel; at < (n + 1) * perSample; at += channels) values.push(data[at]!);
    return values;
  });
}

export interface Channel {
  mean: number;
  inverse: number;
  scale: number;
  beta: number;
}

/** What channel `c` of x needs in training. */
export function channelOf(
  shape: readonly number[],
  x: Float32Array,
  c: number,
  gamma: number,
  beta: number,
  epsilon: number,
): Channel {
  const spread = joinTree(samplesOf(shape, x, c).map(spreadOf));
  const variance = div(spread.m2, f32(spread.count));
  const inverse = div(1, sqrt(add(variance, f32(epsilon))));
  return { mean: spread.mean, inverse, scale: mul(gamma, inverse), beta };
}

/** One value before relu. */
export const valueAt = (channel: Channel, x: number): number => fma(sub(x, channel.mean), channel.scale, channel.beta);

/** The sums of the channel over dz (gated already): dgamma and dbeta. */
export function parameterGradient(
  shape: readonly number[],
  x: Float32Array,
  dz: Float32Array,
  c: number,
  channel: Channel,
): { dgamma: number; dbeta: number } {
  const values = samplesOf(shape, x, c);
  const slopes = samplesOf(shape, dz, c);
  const normal = (n: number, p: number) => mul(sub(values[n]![p]!, channel.mean), channel.inverse);
  const sum = (step: (n: number) => (chain: number, p: number) => number) =>
    sumOverBatch(values.length, (n) => sumOverPositions(values[n]!.length, step(n)));
  return {
    dgamma: sum((n) => (chain, p) => fma(slopes[n]![p]!, normal(n, p), chain)),
    dbeta: sum((n) => (chain, p) => add(chain, slopes[n]![p]!)),
  };
}

/** The gradient of one value of x in training. */
export function inputGradient(
  channel: Channel,
  x: number,
  dz: number,
  sums: { dgamma: number; dbeta: number },
  count: number,
): number {
  const normal = mul(sub(x, channel.mean), channel.inverse);
  const centred = sub(sub(dz, div(sums.dbeta, f32(count))), mul(normal, div(sums.dgamma, f32(count))));
  return mul(channel.scale, centred);
}

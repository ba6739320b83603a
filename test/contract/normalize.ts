// Layer and group normalization of docs/contract.md: rows of the values that are normalised together, in their order in memory.

import { add, div, f32, fma, mul, sqrt, sub } from './float32.js';
import { countAsFloat, sumOfValues, sumOverBatch, sumOverMemory, sumOverPositions } from './order.js';

/** x as [samples, positions, channels]; rows are the channels of a position, or groups of channels across all positions. */
export interface Layout {
  samples: number;
  positions: number;
  channels: number;
  /** null: the channels of one position are a row. */
  groups: number | null;
}

export interface Given {
  x: Float32Array;
  gamma: Float32Array | null;
  beta: Float32Array | null;
}

/** The places of each row's values, and for each value its row. */
function rowsOf({ samples, positions, channels, groups }: Layout) {
  const rows: number[][] = Array.from({ length: samples * (groups ?? positions) }, () => []);
  const row = Array.from({ length: samples * positions * channels }, (_, i) => {
    const [sample, position, channel] = [
      Math.floor(i / (positions * channels)),
      Math.floor(i / channels) % positions,
      i % channels,
    ];
    const at =
      groups === null ? sample * positions + position : sample * groups + Math.floor(channel / (channels / groups));
    rows[at]!.push(i);
    return at;
  });
  return { rows, row };
}

/** mean and inverse of each row. */
function statistics(x: Float32Array, rows: readonly number[][], epsilon: number) {
  return rows.map((places) => {
    const count = countAsFloat(places.length);
    const mean = div(sumOfValues(places.map((at) => x[at]!)), count);
    const m2 = sumOverMemory(places.length, (lane, i) => {
      const d = sub(x[places[i]!]!, mean);
      return fma(d, d, lane);
    });
    return { mean, inverse: div(1, sqrt(add(div(m2, count), f32(epsilon)))) };
  });
}

export function normalize({ x, gamma, beta }: Given, layout: Layout, epsilon: number): Float32Array {
  const { rows, row } = rowsOf(layout);
  const all = statistics(x, rows, epsilon);
  return x.map((value, i) => {
    const { mean, inverse } = all[row[i]!]!;
    const c = i % layout.channels;
    return fma(sub(value, mean), gamma === null ? inverse : mul(gamma[c]!, inverse), beta?.[c] ?? 0);
  });
}

export function normalizeGradients({ x, gamma }: Given, layout: Layout, epsilon: number, dy: Float32Array) {
  const { rows, row } = rowsOf(layout);
  const { samples, positions, channels } = layout;
  const all = statistics(x, rows, epsilon);
  const xh = x.map((value, i) => mul(sub(value, all[row[i]!]!.mean), all[row[i]!]!.inverse));
  const g = dy.map((value, i) => (gamma === null ? value : mul(value, gamma[i % channels]!)));
  const dx = new Float32Array(x.length);
  rows.forEach((places, r) => {
    const count = countAsFloat(places.length);
    const a = div(sumOfValues(places.map((at) => g[at]!)), count);
    const b = div(
      sumOverMemory(places.length, (lane, i) => fma(g[places[i]!]!, xh[places[i]!]!, lane)),
      count,
    );
    for (const at of places) dx[at] = mul(all[r]!.inverse, sub(sub(g[at]!, a), mul(xh[at]!, b)));
  });
  const summed = (step: (chain: number, at: number) => number) =>
    Float32Array.from({ length: channels }, (_, c) =>
      sumOverBatch(samples, (n) =>
        sumOverPositions(positions, (chain, p) => step(chain, (n * positions + p) * channels + c)),
      ),
    );
  const dgamma = summed((chain, at) => fma(dy[at]!, xh[at]!, chain));
  const dbeta = summed((chain, at) => add(chain, dy[at]!));
  return { dx, dgamma, dbeta };
}

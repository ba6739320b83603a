// conv2d of docs/contract.md with stride 1 and without padding, as loops that are quick enough for a whole network: the same
// chains as in conv2d.ts, each output or weight with its own.

import { add, fma } from './float32.js';
import { joinTree } from './order.js';

/** Sides of input and window, both square, and channels. */
export interface ValidConv {
  readonly n: number;
  readonly side: number;
  readonly window: number;
  readonly ci: number;
  readonly co: number;
}

const outSide = ({ side, window }: ValidConv) => side - window + 1;

/** Chains over (kh, kw, ci) for all output channels of a place, then the bias, then relu. */
export function forward(g: ValidConv, x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const out = outSide(g);
  const y = new Float32Array(g.n * out * out * g.co);
  const chains = new Float32Array(g.co);
  for (let place = 0; place < g.n * out * out; place++) {
    const [n, oh, ow] = [Math.floor(place / (out * out)), Math.floor(place / out) % out, place % out];
    chains.fill(0);
    let at = 0;
    for (let kh = 0; kh < g.window; kh++) {
      const row = ((n * g.side + oh + kh) * g.side + ow) * g.ci;
      for (let k = 0; k < g.window * g.ci; k++, at += g.co) {
        const value = x[row + k]!;
        for (let co = 0; co < g.co; co++) chains[co] = fma(value, weight[at + co]!, chains[co]!);
      }
    }
    for (let co = 0; co < g.co; co++) {
      const sum = add(chains[co]!, bias[co]!);
      y[place * g.co + co] = sum < 0 ? 0 : sum;
    }
  }
  return y;
}

/** Each input's chain over (oh, ow, co) ascending: places in order, all channels of one at a time. */
export function inputGradient(g: ValidConv, dy: Float32Array, weight: Float32Array): Float32Array {
  const out = outSide(g);
  const dx = new Float32Array(g.n * g.side * g.side * g.ci);
  for (let place = 0; place < g.n * out * out; place++) {
    const [n, oh, ow] = [Math.floor(place / (out * out)), Math.floor(place / out) % out, place % out];
    let at = 0;
    for (let kh = 0; kh < g.window; kh++) {
      const row = ((n * g.side + oh + kh) * g.side + ow) * g.ci;
      for (let k = 0; k < g.window * g.ci; k++, at += g.co) {
        let chain = dx[row + k]!;
        for (let co = 0; co < g.co; co++) chain = fma(dy[place * g.co + co]!, weight[at + co]!, chain);
        dx[row + k] = chain;
      }
    }
  }
  return dx;
}

/** Joins arrays element by element with the join tree. */
function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  return parts[0]!.map((_, i) => joinTree(parts.map((part) => part[i]!)));
}

/** Rules 2 and 3 for all weights, or with `window` of ones and one channel for the bias. */
export function weightGradient(g: ValidConv, x: Float32Array, dy: Float32Array): Float32Array {
  const out = outSide(g);
  const samples = Array.from({ length: g.n }, (_, n) => {
    const chunks: Float32Array[] = [];
    for (let first = 0; first < out * out; first += 256) {
      const chains = new Float32Array(g.window * g.window * g.ci * g.co);
      for (let p = first; p < Math.min(first + 256, out * out); p++) {
        const [oh, ow] = [Math.floor(p / out), p % out];
        const slope = (n * out * out + p) * g.co;
        let at = 0;
        for (let kh = 0; kh < g.window; kh++) {
          const row = ((n * g.side + oh + kh) * g.side + ow) * g.ci;
          for (let k = 0; k < g.window * g.ci; k++, at += g.co) {
            const value = x[row + k]!;
            for (let co = 0; co < g.co; co++) chains[at + co] = fma(value, dy[slope + co]!, chains[at + co]!);
          }
        }
      }
      chunks.push(chains);
    }
    return joined(chunks);
  });
  return joined(samples);
}

/** Rules 2 and 3 for the biases. */
export function biasGradient(g: ValidConv, dy: Float32Array): Float32Array {
  const places = outSide(g) ** 2;
  const samples = Array.from({ length: g.n }, (_, n) => {
    const chunks: Float32Array[] = [];
    for (let first = 0; first < places; first += 256) {
      const chains = new Float32Array(g.co);
      for (let p = first; p < Math.min(first + 256, places); p++)
        for (let co = 0; co < g.co; co++) chains[co] = add(chains[co]!, dy[(n * places + p) * g.co + co]!);
      chunks.push(chains);
    }
    return joined(chunks);
  });
  return joined(samples);
}

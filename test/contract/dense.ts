// dense of docs/contract.md: [n, i] x [i, o].

import { add, fma } from './float32.js';
import { sumOverBatch } from './order.js';

export interface DenseGeometry {
  readonly n: number;
  readonly i: number;
  readonly o: number;
}

/** One chain of fma per output, ascending i; then the bias; then the activation. */
export function dense(
  g: DenseGeometry,
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  activate = (sum: number) => sum,
): Float32Array {
  return Float32Array.from({ length: g.n * g.o }, (_, at) => {
    const n = Math.floor(at / g.o);
    const o = at % g.o;
    let chain = 0;
    for (let i = 0; i < g.i; ++i) chain = fma(x[n * g.i + i]!, weight[i * g.o + o]!, chain);
    if (bias !== undefined) chain = add(chain, bias[o]!);
    return activate(chain);
  });
}

/** One chain of fma per input element, ascending o. */
export function denseInputGradient(g: DenseGeometry, dy: Float32Array, weight: Float32Array): Float32Array {
  return Float32Array.from({ length: g.n * g.i }, (_, at) => {
    const n = Math.floor(at / g.i);
    const i = at % g.i;
    let chain = 0;
    for (let o = 0; o < g.o; ++o) chain = fma(dy[n * g.o + o]!, weight[i * g.o + o]!, chain);
    return chain;
  });
}

/** One chain of a single step per sample, joined by rule 3. */
export function denseWeightGradient(g: DenseGeometry, x: Float32Array, dy: Float32Array): Float32Array {
  return Float32Array.from({ length: g.i * g.o }, (_, at) => {
    const i = Math.floor(at / g.o);
    const o = at % g.o;
    return sumOverBatch(g.n, (n) => fma(x[n * g.i + i]!, dy[n * g.o + o]!, 0));
  });
}

/** 0 + dy, joined by rule 3. */
export function denseBiasGradient(g: DenseGeometry, dy: Float32Array): Float32Array {
  return Float32Array.from({ length: g.o }, (_, o) => sumOverBatch(g.n, (n) => add(0, dy[n * g.o + o]!)));
}

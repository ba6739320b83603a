// conv2d of docs/contract.md: input [n, h, w, ci], weight [kh, kw, ci / groups, co], output [n, oh, ow, co].

import { type Conv2dGeometry, forEachReader, forEachTap, inputColumn, inputRow } from '../support/geometry.js';
import { add, fma } from './float32.js';
import { sumOverBatch, sumOverPositions } from './order.js';

const inputAt = (g: Conv2dGeometry, n: number, row: number, column: number, ci: number): number =>
  ((n * g.h + row) * g.w + column) * g.ci + ci;
const outputAt = (g: Conv2dGeometry, n: number, oh: number, ow: number, co: number): number =>
  ((n * g.oh + oh) * g.ow + ow) * g.co + co;
const weightAt = (g: Conv2dGeometry, kh: number, kw: number, ci: number, co: number): number =>
  ((kh * g.kw + kw) * (g.ci / g.groups) + ci) * g.co + co;

/** One chain of fma per output, ascending (kh, kw, ci); then the bias; then the activation. The chains of a place go side by side. */
export function conv2d(
  g: Conv2dGeometry,
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  activate = (sum: number) => sum,
): Float32Array {
  const y = new Float32Array(g.n * g.oh * g.ow * g.co);
  const groupIn = g.ci / g.groups;
  const groupOut = g.co / g.groups;
  for (let n = 0; n < g.n; ++n) {
    for (let oh = 0; oh < g.oh; ++oh) {
      for (let ow = 0; ow < g.ow; ++ow) {
        const first = outputAt(g, n, oh, ow, 0);
        forEachTap(g, oh, ow, (kh, kw, row, column) => {
          for (let ci = 0; ci < g.ci; ++ci) {
            const value = x[inputAt(g, n, row, column, ci)]!;
            const from = Math.floor(ci / groupIn) * groupOut;
            const at = weightAt(g, kh, kw, ci % groupIn, 0);
            for (let co = from; co < from + groupOut; ++co)
              y[first + co] = fma(value, weight[at + co]!, y[first + co]!);
          }
        });
        for (let co = 0; co < g.co; ++co) {
          const sum = bias === undefined ? y[first + co]! : add(y[first + co]!, bias[co]!);
          y[first + co] = activate(sum);
        }
      }
    }
  }
  return y;
}

/** One chain of fma per input element, ascending (oh, ow, co) over the outputs that read it; those of a place go side by side. */
export function conv2dInputGradient(g: Conv2dGeometry, dy: Float32Array, weight: Float32Array): Float32Array {
  const dx = new Float32Array(g.n * g.h * g.w * g.ci);
  const groupIn = g.ci / g.groups;
  const groupOut = g.co / g.groups;
  for (let n = 0; n < g.n; ++n) {
    for (let row = 0; row < g.h; ++row) {
      for (let column = 0; column < g.w; ++column) {
        const first = inputAt(g, n, row, column, 0);
        forEachReader(g, row, column, (oh, ow, kh, kw) => {
          for (let co = 0; co < g.co; ++co) {
            const slope = dy[outputAt(g, n, oh, ow, co)]!;
            const from = first + Math.floor(co / groupOut) * groupIn;
            for (let ci = 0; ci < groupIn; ++ci)
              dx[from + ci] = fma(slope, weight[weightAt(g, kh, kw, ci, co)]!, dx[from + ci]!);
          }
        });
      }
    }
  }
  return dx;
}

/** Rules 2 and 3 over positions p = oh * OW + ow; a position whose tap is outside leaves its chain as it is. */
export function conv2dWeightGradient(g: Conv2dGeometry, x: Float32Array, dy: Float32Array): Float32Array {
  const groupIn = g.ci / g.groups;
  const groupOut = g.co / g.groups;
  const dw = new Float32Array(g.kh * g.kw * groupIn * g.co);
  for (let kh = 0; kh < g.kh; ++kh) {
    for (let kw = 0; kw < g.kw; ++kw) {
      for (let ci = 0; ci < groupIn; ++ci) {
        for (let co = 0; co < g.co; ++co) {
          const channel = Math.floor(co / groupOut) * groupIn + ci;
          const sample = (n: number) =>
            sumOverPositions(g.oh * g.ow, (chain, p) => {
              const oh = Math.floor(p / g.ow);
              const ow = p % g.ow;
              const row = inputRow(g, oh, kh);
              const column = inputColumn(g, ow, kw);
              if (row < 0 || row >= g.h || column < 0 || column >= g.w) return chain;
              return fma(x[inputAt(g, n, row, column, channel)]!, dy[outputAt(g, n, oh, ow, co)]!, chain);
            });
          dw[weightAt(g, kh, kw, ci, co)] = sumOverBatch(g.n, sample);
        }
      }
    }
  }
  return dw;
}

/** Rules 2 and 3 over the same positions, plain additions. */
export function conv2dBiasGradient(g: Conv2dGeometry, dy: Float32Array): Float32Array {
  return Float32Array.from({ length: g.co }, (_, co) =>
    sumOverBatch(g.n, (n) =>
      sumOverPositions(g.oh * g.ow, (chain, p) => add(chain, dy[(n * g.oh * g.ow + p) * g.co + co]!)),
    ),
  );
}

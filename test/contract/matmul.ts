// matmul of docs/contract.md: one chain of fma for each value of each product; what a repeated operand gets is summed by rule 4.

import { fma } from './float32.js';
import { sum } from './reduce.js';

interface Matrices {
  shape: readonly number[];
  data: Float32Array;
}

interface Sides {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The batches of the result, and for each of them the batch of x that it reads. */
export function batchesOf(a: readonly number[], b: readonly number[]) {
  const rank = Math.max(a.length, b.length) - 2;
  const lengths = (x: readonly number[]) => [...Array<number>(rank - x.length + 2).fill(1), ...x.slice(0, -2)];
  const [left, right] = [lengths(a), lengths(b)];
  const shape = left.map((length, axis) => Math.max(length, right[axis]!));
  const count = shape.reduce((all, length) => all * length, 1);
  const reads = (own: readonly number[]) =>
    Array.from({ length: count }, (_, batch) => {
      let [rest, at, step] = [batch, 0, 1];
      for (let axis = rank - 1; axis >= 0; --axis) {
        at += own[axis] === 1 ? 0 : (rest % shape[axis]!) * step;
        step *= own[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      return at;
    });
  return { shape, reads: [reads(left), reads(right)] as const, lengths: [left, right] as const };
}

const product = (
  rows: number,
  columns: number,
  terms: number,
  a: (r: number, k: number) => number,
  b: (k: number, c: number) => number,
) =>
  Array.from({ length: rows * columns }, (_, at) => {
    const [r, c] = [Math.floor(at / columns), at % columns];
    let chain = 0;
    for (let k = 0; k < terms; ++k) chain = fma(a(r, k), b(k, c), chain);
    return chain;
  });

export function matmul(a: Matrices, b: Matrices, { transposeA, transposeB }: Sides): Matrices {
  const { shape, reads } = batchesOf(a.shape, b.shape);
  const [ra, ca] = a.shape.slice(-2) as [number, number];
  const [rb, cb] = b.shape.slice(-2) as [number, number];
  const [m, k, n] = [transposeA ? ca : ra, transposeA ? ra : ca, transposeB ? rb : cb];
  const values = reads[0].flatMap((fromA, batch) => {
    const [x, w] = [fromA * m * k, reads[1][batch]! * k * n];
    const left = (r: number, t: number) => a.data[x + (transposeA ? t * m + r : r * k + t)]!;
    const right = (t: number, c: number) => b.data[w + (transposeB ? c * k + t : t * n + c)]!;
    return product(m, n, k, left, right);
  });
  return { shape: [...shape, m, n], data: Float32Array.from(values) };
}

/** A gradient of every batch, summed over the batches for which x was repeated. */
function ofOperand(x: Matrices, whole: Matrices): Matrices {
  const own = [...Array<number>(whole.shape.length - x.shape.length).fill(1), ...x.shape];
  const axes = own.flatMap((length, axis) => (length === whole.shape[axis] ? [] : [axis]));
  return { shape: x.shape, data: axes.length === 0 ? whole.data : sum(whole.shape, axes, whole.data) };
}

export function matmulGradients(a: Matrices, b: Matrices, dy: Matrices, { transposeA, transposeB }: Sides): Matrices[] {
  const da = transposeA
    ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
    : matmul(dy, b, { transposeA: false, transposeB: !transposeB });
  const db = transposeB
    ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
    : matmul(a, dy, { transposeA: !transposeA, transposeB: false });
  return [ofOperand(a, da), ofOperand(b, db)];
}

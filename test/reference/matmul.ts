// The float64 judge of matmul: products as their definition has them, and gradients summed over all of it.

import type { Values } from '../cases/case.js';

export interface MatmulSettings {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Calls visit(place of a, place of b, place of y) for every multiplication of the product. */
function eachTerm(
  a: Values,
  b: Values,
  { transposeA, transposeB }: MatmulSettings,
  visit: (a: number, b: number, y: number) => void,
): number[] {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [left, right] = [a, b].map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
  const matrix = (shape: number[]) => shape.slice(-2) as [number, number];
  const [[ra, ca], [rb, cb]] = [matrix(left!), matrix(right!)];
  const [m, k, n] = [transposeA ? ca : ra, transposeA ? ra : ca, transposeB ? rb : cb];
  const batch = left!.slice(0, -2).map((length, axis) => Math.max(length, right![axis]!));
  const walk = (axis: number, atA: number, atB: number, atY: number): void => {
    if (axis < batch.length) {
      for (let i = 0; i < batch[axis]!; ++i) {
        const own = (shape: number[], at: number) => at * shape[axis]! + (shape[axis] === 1 ? 0 : i);
        walk(axis + 1, own(left!, atA), own(right!, atB), atY * batch[axis]! + i);
      }
      return;
    }
    for (let r = 0; r < m; ++r)
      for (let t = 0; t < k; ++t)
        for (let c = 0; c < n; ++c) {
          const inA = transposeA ? t * m + r : r * k + t;
          const inB = transposeB ? c * k + t : t * n + c;
          visit(atA * m * k + inA, atB * k * n + inB, (atY * m + r) * n + c);
        }
  };
  walk(0, 0, 0, 0);
  return [...batch, m, n];
}

const empty = (shape: readonly number[]): Values => ({
  shape,
  data: new Float64Array(shape.reduce((all, length) => all * length, 1)),
});

export function matmul(a: Values, b: Values, settings: MatmulSettings): Values {
  const y = empty(eachTerm(a, b, settings, () => {}));
  eachTerm(a, b, settings, (i, j, at) => {
    y.data[at]! += a.data[i]! * b.data[j]!;
  });
  return y;
}

export function matmulGradients(a: Values, b: Values, dy: Values, settings: MatmulSettings): Values[] {
  const [da, db] = [empty(a.shape), empty(b.shape)];
  eachTerm(a, b, settings, (i, j, at) => {
    da.data[i]! += dy.data[at]! * b.data[j]!;
    db.data[j]! += dy.data[at]! * a.data[i]!;
  });
  return [da, db];
}

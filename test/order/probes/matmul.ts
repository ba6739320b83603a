// matmul: every value is one chain over the terms, whichever operand is turned round and whichever serves all batches. The factor not
// probed is 1.

import { chain, summands } from '../expected_tree.js';
import { type Level, type Probe, sameAt, signed, type Values } from '../probe.js';

interface Product {
  readonly batches: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** b is probed, a slot for each of its columns in each batch. */
function columnsOf({ batches, m, k, n, transposeA, transposeB }: Product): Probe {
  const turned = [transposeA ? ', a turned' : '', transposeB ? ', b turned' : ''].join('');
  return {
    kernel: 'matmul.forward',
    title: `${batches} of [${m}, ${k}] by [${k}, ${n}]${turned}`,
    tensors: [
      { shape: [1, ...(transposeA ? [k, m] : [m, k])], fill: 1 },
      { shape: [batches, ...(transposeB ? [n, k] : [k, n])] },
      { shape: [batches, m, n], output: true },
    ],
    settings: { transposeA: transposeA ? 1 : 0, transposeB: transposeB ? 1 : 0 },
    summands: k,
    tree: chain(summands(k)),
    slots: batches * n,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      const [batch, column] = [Math.floor(slot / n), slot % n];
      inputs[1]![batch * k * n + (transposeB ? column * k + summand : summand * n + column)] = signed[level];
    },
    read(outputs: Values, slot: number) {
      const [batch, column] = [Math.floor(slot / n), slot % n];
      return sameAt(
        outputs[2]!,
        summands(m).map((row) => (batch * m + row) * n + column),
      );
    },
  };
}

export const matmulProbes = (): Probe[] =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => columnsOf({ batches: 3, m: 17, k: 131, n: 21, transposeA, transposeB })),
  );

// batch_norm. The parameter gradients are plain sums. The statistics join means by quotients of counts, where M and -M meet
// as exact opposites only if those are powers of two. So they are probed in parts: the mean with equal chunks, and with one
// short chunk; and m2, which is a plain sum wherever all chunks have the same mean, with any counts, in positive summands.

import { noActivation } from '../../support/fused.js';
import { chain, joinTree, overBatch, overPositions, summands } from '../expected_tree.js';
import { type Level, type Probe, sameAt, signed, type Values } from '../probe.js';
import type { Tree } from '../tree.js';

const positionsTree = (n: number, positions: number): Tree | null =>
  overBatch(summands(n).map((sample) => overPositions(summands(positions, sample * positions))));

/** The mean of [n, positions, c], read as mean * count. */
function mean(n: number, positions: number, c: number): Probe {
  const shape = [n, positions, c];
  return {
    kernel: 'batch_norm.statistics',
    title: `mean of [${shape}]`,
    tensors: [{ shape }, { shape: [c], output: true }, { shape: [c], output: true }],
    settings: { epsilon: 0, ...noActivation, training: 1 },
    summands: n * positions,
    tree: positionsTree(n, positions),
    slots: c,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![summand * c + slot] = signed[level];
    },
    read: (outputs: Values, slot: number) => outputs[1]![slot]! * n * positions,
    ...(n > 1 ? { atomic: 'splits' as const } : {}),
  };
}

/**
 * m2 of [n, positions, c] from pairs of neighbours v, -v, so that every mean is 0. Summand k is the pair at `places[k]`. A
 * large pair has v = 1 and adds 1 twice; a small one adds u twice, with u = v^2 such that 2 u is lost beside 1 + 1 and 4 u
 * is not.
 */
function spread(
  n: number,
  positions: number,
  c: number,
  places: readonly number[],
  tree: Tree | null,
  what: string,
): Probe {
  const shape = [n, positions, c];
  const value: Record<Level, number> = {
    plus: 1,
    unit: Math.fround(Math.sqrt(0.45 * 2 ** -23)),
    none: 0,
    minus: Number.NaN,
  };
  const alone = Math.fround(2 / Math.fround(n * positions));
  return {
    kernel: 'batch_norm.statistics',
    title: `m2 of [${shape}], ${what}`,
    tensors: [{ shape }, { shape: [c], output: true }, { shape: [c], output: true }],
    settings: { epsilon: 0, ...noActivation, training: 1 },
    summands: places.length,
    tree,
    slots: c,
    masks: 'positive',
    put(inputs: Values, slot: number, summand: number, level: Level) {
      const place = places[summand]! * c + slot;
      inputs[0]![place] = value[level];
      inputs[0]![place + c] = -value[level];
    },
    read: (outputs: Values, slot: number) => (outputs[2]![slot]! > alone ? 1 : 0),
  };
}

function spreadOfChunks(n: number, positions: number, c: number): Probe {
  const chunks = Math.ceil(positions / 256);
  const places = summands(n).flatMap((sample) => summands(chunks).map((chunk) => sample * positions + chunk * 256));
  const tree = overBatch(summands(n).map((sample) => joinTree(summands(chunks, sample * chunks))));
  return { ...spread(n, positions, c, places, tree, 'chunks'), atomic: 'splits' };
}

const spreadInChunk = (positions: number, c: number): Probe => {
  const pairs = summands(Math.floor(positions / 2));
  return spread(
    1,
    positions,
    c,
    pairs.map((pair) => 2 * pair),
    chain(pairs),
    'pairs in one chunk',
  );
};

/** dbeta and dgamma with xh = 1: both must be the same sum of dy. */
function parameterGradient(n: number, positions: number, c: number): Probe {
  const shape = [n, positions, c];
  const [sum, one] = [
    { shape: [c], output: true },
    { shape: [c], fill: 1 },
  ];
  return {
    kernel: 'batch_norm.parameterGradient',
    title: `[${shape}], dgamma and dbeta`,
    tensors: [{ shape, fill: 1 }, { shape: [c] }, one, null, null, { shape }, sum, sum],
    settings: { epsilon: 0, ...noActivation, training: 1 },
    summands: n * positions,
    tree: positionsTree(n, positions),
    slots: c,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[5]![summand * c + slot] = signed[level];
    },
    read: (outputs: Values, slot: number) => sameAt(Float32Array.of(outputs[6]![slot]!, outputs[7]![slot]!), [0, 1]),
    atomic: 'splits',
  };
}

export const batchNormProbes = (): Probe[] => [
  mean(2, 512, 37),
  mean(1, 37, 19),
  spreadOfChunks(5, 700, 37),
  spreadInChunk(75, 37),
  parameterGradient(3, 549, 37),
  parameterGradient(11, 6, 19),
];

// normalize. The mean of a row is read from the kernel's own output; m2 through the inverse, in positive summands about a mean of 0;
// the two sums of its gradient where both must be the same; those of gamma and beta likewise.

import { overBatch, overPositions, summands } from '../expected_tree.js';
import { type Level, type Probe, sameAt, signed, type Values } from '../probe.js';
import { aroundChunks, memoryTree } from './memory.js';

interface Sizes {
  samples: number;
  positions: number;
  channels: number;
  groups: number;
  across: 0 | 1;
}

const settingsOf = ({ positions, channels, groups, across }: Sizes) => ({
  epsilon: 0,
  ...{ positions, channels, groups, across },
});

/** The rows of x, each with the places of its values. */
function rowsOf({ samples, positions, channels, groups, across }: Sizes): number[][] {
  const rows: number[][] = summands(samples * (across ? groups : positions)).map(() => []);
  for (const i of summands(samples * positions * channels)) {
    const position = Math.floor(i / channels);
    const sample = Math.floor(position / positions);
    const group = Math.floor(((i % channels) * groups) / channels);
    rows[across ? sample * groups + group : position]!.push(i);
  }
  return rows;
}

const titleOf = ({ samples, positions, channels, groups, across }: Sizes) =>
  `[${[samples, positions, channels]}]${across ? ` in ${groups} groups` : ''}`;

/** The mean of each row, read as mean * count. */
function mean(sizes: Sizes, seen?: readonly number[]): Probe {
  const rows = rowsOf(sizes);
  const count = rows[0]!.length;
  const places = seen ?? summands(count);
  const shape = [rows.length * count];
  const perRow = { shape: [rows.length], output: true };
  return {
    kernel: 'normalize.forward',
    title: `mean of ${titleOf(sizes)}, ${places.length} seen`,
    tensors: [{ shape }, null, null, { shape, output: true }, perRow, perRow],
    settings: settingsOf(sizes),
    summands: places.length,
    tree: memoryTree(count, places),
    slots: rows.length,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![rows[slot]![places[summand]!]!] = signed[level];
    },
    read: (outputs: Values, slot: number) => outputs[4]![slot]! * count,
  };
}

/**
 * m2 of each row. Summand k is a pair v, -v in one lane, its first value at pairs[k], so that the mean is 0. A large pair adds 1 twice;
 * a small one adds u = v^2 twice, such that 2 u is lost beside 1 + 1 and 4 u is not. epsilon takes off the variance of a large pair
 * alone: what is left is 0, and the inverse infinite, unless the small ones were kept.
 */
function spread(sizes: Sizes, pairs: readonly number[]): Probe {
  const rows = rowsOf(sizes);
  const count = rows[0]!.length;
  const shape = [rows.length * count];
  const perRow = { shape: [rows.length], output: true };
  const value: Record<Level, number> = {
    plus: 1,
    unit: Math.fround(Math.sqrt(0.45 * 2 ** -23)),
    none: 0,
    minus: Number.NaN,
  };
  return {
    kernel: 'normalize.forward',
    title: `m2 of ${titleOf(sizes)}, ${pairs.length} pairs`,
    tensors: [{ shape }, null, null, { shape, output: true }, perRow, perRow],
    settings: { ...settingsOf(sizes), epsilon: -2 / count },
    summands: pairs.length,
    tree: memoryTree(count, pairs),
    slots: rows.length,
    masks: 'positive',
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![rows[slot]![pairs[summand]!]!] = value[level];
      inputs[0]![rows[slot]![pairs[summand]! + 16]!] = -value[level];
    },
    read: (outputs: Values, slot: number) => (Number.isFinite(outputs[5]![slot]!) ? 1 : 0),
  };
}

/** a and b of each row, with xh = 1: both the same sum, and dx = 1 - a / count - b / count at a value that is not masked. */
function slopes(sizes: Sizes, seen?: readonly number[]): Probe {
  const rows = rowsOf(sizes);
  const count = rows[0]!.length;
  const places = seen ?? summands(count);
  const shape = [rows.length * count];
  const perRow = { shape: [rows.length], fill: 1 };
  return {
    kernel: 'normalize.inputGradient',
    title: `a and b of ${titleOf(sizes)}, ${places.length} seen`,
    tensors: [{ shape, fill: 1 }, { shape: [rows.length] }, perRow, null, { shape }, { shape, output: true }],
    settings: settingsOf(sizes),
    summands: places.length,
    tree: memoryTree(count, places),
    slots: rows.length,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[4]![rows[slot]![places[summand]!]!] = signed[level];
    },
    read(outputs: Values, slot: number, masks) {
      const plain = [0, 1, 2].find((summand) => masks.every((mask) => mask.summand !== summand))!;
      return ((1 - outputs[5]![rows[slot]![places[plain]!]!]!) * count) / 2;
    },
  };
}

/** dbeta and dgamma with xh = 1: both must be the same sum of dy. */
function parameters(sizes: Sizes): Probe {
  const { samples, positions, channels, groups, across } = sizes;
  const shape = [samples * positions * channels];
  const perRow = [samples * (across ? groups : positions)];
  const sum = { shape: [channels], output: true };
  return {
    kernel: 'normalize.parameterGradient',
    title: `${titleOf(sizes)}, dgamma and dbeta`,
    tensors: [{ shape, fill: 1 }, { shape: perRow }, { shape: perRow, fill: 1 }, { shape }, sum, sum],
    settings: settingsOf(sizes),
    summands: samples * positions,
    tree: overBatch(summands(samples).map((n) => overPositions(summands(positions, n * positions)))),
    slots: channels,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[3]![summand * channels + slot] = signed[level];
    },
    read: (outputs: Values, slot: number) => sameAt(Float32Array.of(outputs[4]![slot]!, outputs[5]![slot]!), [0, 1]),
    atomic: 'splits',
  };
}

const layer = (samples: number, positions: number, channels: number): Sizes => ({
  ...{ samples, positions, channels, groups: 1 },
  across: 0,
});
const group = (samples: number, positions: number, channels: number, groups: number): Sizes => ({
  ...{ samples, positions, channels, groups },
  across: 1,
});

export const normalizeProbes = (): Probe[] => [
  mean(layer(5, 7, 64)),
  mean(group(3, 16, 12, 3)),
  mean(layer(3, 1, 8192), aroundChunks(8192)),
  spread(layer(8, 4, 64), [0, 1, 5, 15, 32, 33, 40, 47]),
  spread(group(4, 32, 16, 8), [0, 3, 9, 15, 32, 35, 44]),
  slopes(layer(5, 7, 64)),
  slopes(group(3, 16, 12, 3)),
  slopes(layer(3, 1, 8192), aroundChunks(8192)),
  parameters(layer(3, 549, 37)),
  parameters(layer(11, 6, 19)),
  parameters(group(5, 300, 20, 5)),
];

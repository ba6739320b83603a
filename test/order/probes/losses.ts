// The cross-entropies: each sample's values by rule 4, the samples by the join tree; and the sums over classes. The loss is
// one number, so a call answers one question; it is read as the loss times the counts it was divided by.

import { overBatch, overMemory, summands } from '../expected_tree.js';
import { kMask, type Level, type Mask, type Probe, signed, type Values } from '../probe.js';
import type { Tree } from '../tree.js';
import { aroundChunks, memoryTree } from './memory.js';

const scalar = { shape: [1], output: true };

/** The values `seen` of each of n samples by rule 4, the samples by rule 3; numbered in their order. */
function batchTree(n: number, count: number, seen: readonly number[]): Tree | null {
  const number = new Map(seen.map((value, k) => [value, k]));
  const sample = (at: number) => (value: number) => {
    const k = number.get(value);
    return k === undefined ? null : at * seen.length + k;
  };
  return overBatch(summands(n).map((at) => overMemory(summands(count).map(sample(at)))));
}

interface BinaryCase {
  readonly n: number;
  readonly count: number;
  readonly seen?: readonly number[];
}

/**
 * Binary cross-entropy with one p (or z) everywhere, which makes a value's loss linear in its target: `targets` gives 1 unit,
 * M, -M and 0. From logits z = 128 it is 128 - 128 t exactly.
 */
function binary({ n, count, seen = summands(count) }: BinaryCase, fromLogits: boolean): Probe {
  const shape = [n, count];
  const targets: Record<Level, number> = fromLogits
    ? { unit: 1 - 1 / 128, plus: -kMask, minus: kMask, none: 1 }
    : { unit: 0, plus: kMask, minus: -kMask, none: Number.NaN };
  const unit = fromLogits ? 1 : -Math.log(0.75);
  return {
    kernel: 'binary_crossentropy.forward',
    title: `[${shape}] from ${fromLogits ? 'logits' : 'probabilities'}, ${seen.length} seen of each sample`,
    tensors: [{ shape, fill: fromLogits ? 128 : 0.25 }, { shape, fill: targets.none }, scalar],
    settings: { fromLogits: fromLogits ? 1 : 0 },
    summands: n * seen.length,
    tree: batchTree(n, count, seen),
    slots: 1,
    put(inputs: Values, _slot: number, summand: number, level: Level) {
      const sample = Math.floor(summand / seen.length);
      inputs[1]![sample * count + seen[summand % seen.length]!] = targets[level];
    },
    read: (outputs: Values) => (outputs[2]![0]! * n * count) / unit,
    ...(n > 3 || count > 3 * 4096 ? { atomic: 'splits' as const } : {}),
  };
}

/**
 * Categorical: classes, then positions, by rule 4, then samples. All p are 1, or all logits are 0, so a term is
 * t * log(classes).
 */
function categorical(n: number, positions: number, classes: number, fromLogits: boolean): Probe {
  const shape = [n, positions, classes];
  const row = (sample: number, position: number) =>
    overMemory(summands(classes, (sample * positions + position) * classes));
  const sampleTree = (sample: number) => overMemory(summands(positions).map((position) => row(sample, position)));
  return {
    kernel: 'categorical_crossentropy.forward',
    title: `[${shape}] from ${fromLogits ? 'logits' : 'probabilities'}`,
    tensors: [{ shape, fill: fromLogits ? 0 : 1 }, { shape }, scalar],
    settings: { fromLogits: fromLogits ? 1 : 0 },
    summands: n * positions * classes,
    tree: overBatch(summands(n).map(sampleTree)),
    slots: 1,
    put(inputs: Values, _slot: number, summand: number, level: Level) {
      inputs[1]![summand] = signed[level];
    },
    read: (outputs: Values) => (outputs[2]![0]! * n * positions) / Math.log(classes),
    atomic: 'splits',
  };
}

/**
 * s, the sum of p over the classes, from the gradient at a masked class, whose own g is clipped to 0: with t = 1 it is
 * ((0 + units) / s) / rows. Where s = 1 every q is clipped and the gradient 0; where s = 0 it is NaN.
 */
function sumOfClasses(rows: number, classes: number): Probe {
  const shape = [rows, classes];
  return {
    kernel: 'categorical_crossentropy.inputGradient',
    title: `[${shape}], s`,
    settings: { fromLogits: 0 },
    tensors: [{ shape }, { shape, fill: 1 }, { shape: [1], fill: 1 }, { shape, output: true }],
    summands: classes,
    tree: memoryTree(classes, summands(classes)),
    slots: rows,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![slot * classes + summand] = signed[level];
    },
    read(outputs: Values, slot: number, masks: readonly Mask[]) {
      const slope = outputs[3]![slot * classes + masks[0]!.summand]!;
      if (Number.isNaN(slope)) return 0;
      return slope === 0 ? 1 : (classes - masks.length) / (slope * rows);
    },
  };
}

/**
 * d, the sum of g * q over the classes, with t probed. Six classes of p = 1/2 and the others of 1 make s = 64, so that every
 * q is a power of two and g * q = -t exactly. dp = ((g - d) / s) / rows, read at a class that is not masked.
 */
function sumOfSlopes(rows: number): Probe {
  const classes = 67;
  const shape = [rows, classes];
  const probability = (summand: number) => (summand < 6 ? 0.5 : 1);
  return {
    kernel: 'categorical_crossentropy.inputGradient',
    title: `[${shape}], d`,
    settings: { fromLogits: 0 },
    tensors: [{ shape }, { shape }, { shape: [1], fill: 1 }, { shape, output: true }],
    summands: classes,
    tree: memoryTree(classes, summands(classes)),
    slots: rows,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![slot * classes + summand] = probability(summand);
      inputs[1]![slot * classes + summand] = signed[level];
    },
    read(outputs: Values, slot: number, masks: readonly Mask[]) {
      const plain = [0, 1, 2].find((summand) => masks.every((mask) => mask.summand !== summand))!;
      const slope = -64 / probability(plain);
      return outputs[3]![slot * classes + plain]! * rows * 64 - slope;
    },
  };
}

const long = 4 * 4096 + 37;

export const binaryProbes = (): Probe[] => [
  binary({ n: 5, count: 19 }, true),
  binary({ n: 5, count: 19 }, false),
  binary({ n: 1, count: long, seen: aroundChunks(long) }, true),
];

export const categoricalProbes = (): Probe[] => [
  categorical(5, 17, 2, false),
  categorical(5, 17, 2, true),
  sumOfClasses(32, 67),
  sumOfSlopes(32),
];

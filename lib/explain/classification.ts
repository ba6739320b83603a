/** What a network says of pictures on one target or several: plain data. */

import type { ClassifiedHeat } from './classified_heat.js';

/** Where a network computed. */
export interface ClassifiedOn {
  /** For example `cpu/avx2/deterministic`. */
  target: string;
  threads: number;
}

/** A class of a picture's table. */
export interface ClassifiedClass {
  /** From 1, by the first target; of equal probabilities the class of the smaller number comes first. */
  rank: number;
  /** Number of the class. */
  label: number;
  class: string;
  /** One for each target. */
  probabilities: number[];
}

/** How far the probabilities of all classes on another target are from those on the first. */
export interface TargetDifference {
  target: string;
  /** Classes whose probability is not the same bits. */
  classes: number;
  /** Bits that differ, in all of them together. */
  bits: number;
  /** Largest distance of two probabilities. */
  largest: number;
}

/** One picture. */
export interface ClassifiedPicture {
  path: string;
  height: number;
  width: number;
  /** The most probable classes. */
  ranking: ClassifiedClass[];
  /** One for each target behind the first. */
  differences: TargetDifference[];
  /** Where the network looked, for each rank that was asked for. */
  heats: ClassifiedHeat[];
}

/** What came of all pictures. */
export interface Classification {
  /** As it was asked for. */
  model: string;
  /** Name of the network. */
  network: string;
  weightsHash: string;
  /** Classes of the network. */
  classes: number;
  targets: ClassifiedOn[];
  pictures: ClassifiedPicture[];
}

const wordsOf = ({ buffer, byteOffset, length }: Float32Array) => new Uint32Array(buffer, byteOffset, length);

/** How many bits of a 32-bit number are 1. */
function ones(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
  return count;
}

/** How far the probabilities `there` are from those of the first target. */
export function differenceOf(target: string, first: Float32Array, there: Float32Array): TargetDifference {
  const [words, others] = [wordsOf(first), wordsOf(there)];
  const differing = Array.from(words, (word, label) => ones(word ^ others[label]!));
  return {
    target,
    classes: differing.filter((count) => count > 0).length,
    bits: differing.reduce((sum, count) => sum + count, 0),
    largest: first.reduce((most, value, label) => Math.max(most, Math.abs(value - there[label]!)), 0),
  };
}

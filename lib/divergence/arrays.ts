/**
 * Every distance between two float32 arrays of one length, in one pass.
 *
 * Sums are double precision, one chain in ascending index. NaNs are made canonical (0x7fc00000) before bits are
 * compared, as the contract does before hashing; zeros of different sign differ in bits and are 0 ulp apart.
 */
import { ShapeError } from '../errors/index.js';
import { isNanBits, ulpDistanceOfBits } from './ulp.js';

const CANONICAL_NAN = 0x7fc00000;

/** Distances between two arrays, or over several pairs of arrays; counts are elements unless the name says bits. */
export interface Divergence {
  elements: number;
  /** Elements whose bits differ. */
  differing: number;
  /** Lowest index at which bits differ, null if they differ nowhere. */
  firstDiffering: number | null;
  maxUlp: number;
  meanUlp: number;
  /** Share of all bits that differ, 0 to 1. */
  differingBits: number;
  /** Share of elements that differ in bit k; k = 0 is the lowest bit of the fraction, 31 the sign. */
  differingBitsByPosition: number[];
  maxAbsolute: number;
  meanAbsolute: number;
  /** Largest |a - b| / max(|a|, |b|). */
  maxRelative: number;
  /** Euclidean length of a - b. */
  l2: number;
  /** a . b / (|a| |b|); 1 if both are all zero, 0 if one is, NaN if a value is not finite. */
  cosineSimilarity: number;
  /** Elements of which one is below zero and the other above. */
  signFlips: number;
}

/** Running sums over array pairs; `measure` turns them into a `Divergence`. */
export interface Tally {
  elements: number;
  differing: number;
  firstDiffering: number | null;
  maxUlp: number;
  sumUlp: number;
  positions: Float64Array;
  maxAbsolute: number;
  sumAbsolute: number;
  maxRelative: number;
  squares: number;
  dot: number;
  squaresA: number;
  squaresB: number;
  signFlips: number;
}

/** A tally that has seen nothing. */
export function emptyTally(): Tally {
  return {
    elements: 0,
    differing: 0,
    firstDiffering: null,
    maxUlp: 0,
    sumUlp: 0,
    positions: new Float64Array(32),
    maxAbsolute: 0,
    sumAbsolute: 0,
    maxRelative: 0,
    squares: 0,
    dot: 0,
    squaresA: 0,
    squaresB: 0,
    signFlips: 0,
  };
}

function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** |a - b|; 0 for equal values and for two NaNs, Infinity where one is NaN or an infinity is involved. */
function absoluteDifference(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function addDifference(tally: Tally, a: number, b: number, bitsA: number, bitsB: number): void {
  tally.differing += 1;
  const ulp = ulpDistanceOfBits(bitsA, bitsB);
  if (ulp > tally.maxUlp) tally.maxUlp = ulp;
  tally.sumUlp += ulp;
  for (let rest = bitsA ^ bitsB; rest !== 0; rest &= rest - 1) {
    const position = 31 - Math.clz32(rest & -rest);
    tally.positions[position]! += 1;
  }
  const absolute = absoluteDifference(a, b);
  if (absolute === 0) return;
  if (absolute > tally.maxAbsolute) tally.maxAbsolute = absolute;
  tally.sumAbsolute += absolute;
  tally.squares += absolute * absolute;
  const size = Math.max(Math.abs(a), Math.abs(b));
  const relative = Number.isFinite(absolute) ? absolute / size : Number.POSITIVE_INFINITY;
  if (relative > tally.maxRelative) tally.maxRelative = relative;
  if ((a < 0 && b > 0) || (a > 0 && b < 0)) tally.signFlips += 1;
}

/**
 * Adds the pair (a, b) to a tally; `offset` is the place of its first element in the whole that the tally is about.
 * Throws ShapeError on unequal lengths.
 */
export function addPair(tally: Tally, a: Float32Array, b: Float32Array, offset = 0): void {
  if (a.length !== b.length) {
    throw new ShapeError({ who: 'divergence', expected: `two arrays of one length (${a.length})`, got: `${b.length}` });
  }
  const wordsA = bitsOf(a);
  const wordsB = bitsOf(b);
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i]!;
    const y = b[i]!;
    tally.dot += x * y;
    tally.squaresA += x * x;
    tally.squaresB += y * y;
    const bitsX = isNanBits(wordsA[i]!) ? CANONICAL_NAN : wordsA[i]!;
    const bitsY = isNanBits(wordsB[i]!) ? CANONICAL_NAN : wordsB[i]!;
    if (bitsX === bitsY) continue;
    tally.firstDiffering = Math.min(tally.firstDiffering ?? offset + i, offset + i);
    addDifference(tally, x, y, bitsX, bitsY);
  }
  tally.elements += a.length;
}

function cosine({ dot, squaresA, squaresB }: Tally): number {
  if (squaresA === 0 && squaresB === 0) return 1;
  if (squaresA === 0 || squaresB === 0) return 0;
  const value = dot / Math.sqrt(squaresA * squaresB);
  return Math.min(1, Math.max(-1, value));
}

/** What a tally adds up to. Means over no elements are 0. */
export function measure(tally: Tally): Divergence {
  const count = Math.max(1, tally.elements);
  const positions = Array.from(tally.positions);
  return {
    elements: tally.elements,
    differing: tally.differing,
    firstDiffering: tally.firstDiffering,
    maxUlp: tally.maxUlp,
    meanUlp: tally.sumUlp / count,
    differingBits: positions.reduce((sum, bits) => sum + bits, 0) / (32 * count),
    differingBitsByPosition: positions.map((bits) => bits / count),
    maxAbsolute: tally.maxAbsolute,
    meanAbsolute: tally.sumAbsolute / count,
    maxRelative: tally.maxRelative,
    l2: Math.sqrt(tally.squares),
    cosineSimilarity: cosine(tally),
    signFlips: tally.signFlips,
  };
}

/** Every distance between two arrays of one length; throws ShapeError if the lengths differ. */
export function compareArrays(a: Float32Array, b: Float32Array): Divergence {
  const tally = emptyTally();
  addPair(tally, a, b);
  return measure(tally);
}

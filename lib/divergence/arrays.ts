/**
 * Every distance between two float32 arrays of one length, in one pass.
 *
 * Sums are double precision, one chain in ascending index. NaNs are made canonical (0x7fc00000) before bits are
 * compared, as the contract does before hashing, so two NaNs are equal in every measure. Zeros of different sign
 * differ in one bit, the sign, and are equal in every other measure. A NaN beside a number is 2^32 ulp away, and
 * its absolute and relative differences are infinite; so are those of an infinity beside anything else, which is as
 * many ulp away as there are numbers between. Differences that are infinite make their mean and l2 infinite.
 */
import { native } from '../addon/index.js';
import { ArgumentError, ShapeError, show } from '../errors/index.js';

/** Places of a histogram of ulp distances: 0, 2^(k-1) to 2^k - 1, and NaN beside a number. */
const ulpBins = 34;

/** Distances between two arrays, or over several pairs of arrays; counts are elements unless the name says bits. */
export interface Divergence {
  elements: number;
  /** Elements whose bits differ. */
  differing: number;
  /** Lowest index at which bits differ, null if they differ nowhere. */
  firstDiffering: number | null;
  maxUlp: number;
  meanUlp: number;
  /** Elements by ulp distance: place 0 counts distance 0, place k distances from 2^(k-1) to 2^k - 1, 33 NaN beside a number. */
  ulpHistogram: number[];
  /** Share of all bits that differ, 0 to 1. */
  differingBits: number;
  /** Share of elements that differ in bit k; k = 0 is the lowest bit of the fraction, 31 the sign. */
  differingBitsByPosition: number[];
  /** Differing bits of all elements, counted in each field of the format: 1, 8 and 23 bits. */
  differingBitsByField: { sign: number; exponent: number; mantissa: number };
  maxAbsolute: number;
  meanAbsolute: number;
  /** Largest |a - b| / max(|a|, |b|); 0 for two zeros. */
  maxRelative: number;
  meanRelative: number;
  /** Euclidean length of a - b; over several pairs the mean of their lengths, which lies among them. */
  l2: number;
  /** That of each pair, in the order of the pairs. */
  l2Pairs: number[];
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
  /** Differing elements by ulp distance. */
  histogram: Float64Array;
  /** Differing bits: 256 places for each of the four bytes, counting what differs in it; `measure` makes positions of them. */
  bytes: Float64Array;
  maxAbsolute: number;
  sumAbsolute: number;
  maxRelative: number;
  sumRelative: number;
  /** Sum of squared differences, for each pair by itself. */
  squares: number[];
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
    histogram: new Float64Array(ulpBins),
    bytes: new Float64Array(4 * 256),
    maxAbsolute: 0,
    sumAbsolute: 0,
    maxRelative: 0,
    sumRelative: 0,
    squares: [],
    dot: 0,
    squaresA: 0,
    squaresB: 0,
    signFlips: 0,
  };
}

/** Where arrays that are added to a tally belong: their first element in the whole it is about, and their pair, from 0. */
export interface PairPlace {
  offset: number;
  pair: number;
}

/** The sums of a walk in the order in which native code has them; the squares of the pair come last. */
const sumNames = [
  ...(['dot', 'squaresA', 'squaresB', 'differing', 'maxUlp', 'sumUlp'] as const),
  ...(['maxAbsolute', 'sumAbsolute', 'maxRelative', 'sumRelative', 'signFlips'] as const),
];

/** Adds the arrays a and b to a tally. Throws ArgumentError for what is no Float32Array, ShapeError on unequal lengths. */
export function addPair(
  tally: Tally,
  a: Float32Array,
  b: Float32Array,
  { offset, pair }: PairPlace = { offset: 0, pair: 0 },
): void {
  for (const values of [a, b] as unknown[]) {
    if (values instanceof Float32Array) continue;
    throw new ArgumentError({ who: 'divergence', expected: 'two Float32Arrays', got: show(values) });
  }
  const { length } = a;
  if (length !== b.length) {
    throw new ShapeError({ who: 'divergence', expected: `two arrays of one length (${length})`, got: `${b.length}` });
  }
  const sums = Float64Array.from([...sumNames.map((name) => tally[name]), tally.squares[pair] ?? 0]);
  const first = native.walkPair(a, b, sums, tally.histogram, tally.bytes);
  for (const [i, name] of sumNames.entries()) tally[name] = sums[i]!;
  tally.squares[pair] = sums[sumNames.length]!;
  if (first >= 0) tally.firstDiffering = Math.min(tally.firstDiffering ?? offset + first, offset + first);
  tally.elements += length;
}

/** How often each bit differed, out of the counts of bytes. */
function positionsOf(bytes: Float64Array): number[] {
  return Array.from({ length: 32 }, (_, k) => {
    let count = 0;
    for (let byte = 0; byte < 256; byte += 1) if ((byte >> (k & 7)) & 1) count += bytes[(k >> 3) * 256 + byte]!;
    return count;
  });
}

/** Cosine of the angle between two vectors; 1 if both are all zero, 0 if one is, NaN if a value is not finite. */
export function cosine({ dot, squaresA, squaresB }: Pick<Tally, 'dot' | 'squaresA' | 'squaresB'>): number {
  if (!Number.isFinite(squaresA + squaresB)) return Number.NaN; // squares of finite float32 cannot overflow
  if (squaresA === 0 && squaresB === 0) return 1;
  if (squaresA === 0 || squaresB === 0) return 0;
  const value = dot / Math.sqrt(squaresA * squaresB);
  return Math.min(1, Math.max(-1, value));
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** Mean of the pairs' lengths, one number where they are one; 0 over none. */
const meanLength = (lengths: readonly number[]) =>
  lengths.every((length) => length === lengths[0]) ? (lengths[0] ?? 0) : total(lengths) / lengths.length;

/** What a tally adds up to. Means over no elements are 0. */
export function measure(tally: Tally): Divergence {
  const count = Math.max(1, tally.elements);
  const positions = positionsOf(tally.bytes);
  const [alike, ...apart] = tally.histogram;
  const mantissa = total(positions.slice(0, 23));
  const exponent = total(positions.slice(23, 31));
  const l2Pairs = tally.squares.map(Math.sqrt);
  return {
    elements: tally.elements,
    differing: tally.differing,
    firstDiffering: tally.firstDiffering,
    maxUlp: tally.maxUlp,
    meanUlp: tally.sumUlp / count,
    ulpHistogram: [alike! + tally.elements - tally.differing, ...apart],
    differingBits: total(positions) / (32 * count),
    differingBitsByPosition: positions.map((bits) => bits / count),
    differingBitsByField: { sign: positions[31]!, exponent, mantissa },
    maxAbsolute: tally.maxAbsolute,
    meanAbsolute: tally.sumAbsolute / count,
    maxRelative: tally.maxRelative,
    meanRelative: tally.sumRelative / count,
    l2: meanLength(l2Pairs),
    l2Pairs,
    cosineSimilarity: cosine(tally),
    signFlips: tally.signFlips,
  };
}

/** Every distance between two arrays of one length. Throws ArgumentError for what is no Float32Array, ShapeError if the lengths differ. */
export function compareArrays(a: Float32Array, b: Float32Array): Divergence {
  const tally = emptyTally();
  addPair(tally, a, b);
  return measure(tally);
}

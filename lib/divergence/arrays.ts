/**
 * Every distance between two float32 arrays of one length, in one pass.
 *
 * Sums are double precision, one chain in ascending index. NaNs are made canonical (0x7fc00000) before bits are
 * compared, as the contract does before hashing, so two NaNs are equal in every measure. Zeros of different sign
 * differ in one bit, the sign, and are equal in every other measure. A NaN beside a number is 2^32 ulp away, and
 * its absolute and relative differences are infinite; so are those of an infinity beside anything else, which is as
 * many ulp away as there are numbers between. Differences that are infinite make their mean and l2 infinite.
 */
import { ShapeError } from '../errors/index.js';
import { NAN_DISTANCE } from './ulp.js';

const ULP_BINS = 34;

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
    histogram: new Float64Array(ULP_BINS),
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

function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** Where arrays that are added to a tally belong: their first element in the whole it is about, and their pair, from 0. */
export interface PairPlace {
  offset: number;
  pair: number;
}

/** The sums of a walk, in this order, in memory of their own. */
const sumNames = [
  ...(['dot', 'squaresA', 'squaresB', 'differing', 'maxUlp', 'sumUlp'] as const),
  ...(['maxAbsolute', 'sumAbsolute', 'maxRelative', 'sumRelative', 'signFlips'] as const),
];

/** Two arrays that are walked, and what is counted on the way. */
interface Walk {
  a: Float32Array;
  b: Float32Array;
  wordsA: Int32Array;
  wordsB: Int32Array;
  /** Those of `sumNames`, and behind them the squares of the pair. */
  sums: Float64Array;
  histogram: Float64Array;
  bytes: Float64Array;
}

/** Elements that are walked in one go. */
const blockSize = 2048;

/**
 * Walks the elements from `from` to `to`; the first that differs, or -1. This loop sees every weight of every pair of runs: its sums
 * are variables, the bits that differ are counted a byte at a time, and it is short enough to be called often, since V8 compiles a
 * function that is called better than one whose loop is long.
 */
function walkBlock({ a, b, wordsA, wordsB, sums, histogram, bytes }: Walk, from: number, to: number): number {
  let [dot, squaresA, squaresB] = [sums[0]!, sums[1]!, sums[2]!];
  let [differing, maxUlp, sumUlp] = [sums[3]!, sums[4]!, sums[5]!];
  let [maxAbsolute, sumAbsolute, maxRelative] = [sums[6]!, sums[7]!, sums[8]!];
  let [sumRelative, signFlips, squares] = [sums[9]!, sums[10]!, sums[11]!];
  // Of this function: V8 reads constants of a module from memory.
  const magnitude = 0x7fffffff;
  const infinity = 0x7f800000;
  const nan = 0x7fc00000;
  let first = -1;
  for (let i = from; i < to; i += 1) {
    const x = a[i]!;
    const y = b[i]!;
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
    const wordA = wordsA[i]!;
    const wordB = wordsB[i]!;
    if (wordA === wordB) continue;
    const bitsX = (wordA & magnitude) > infinity ? nan : wordA;
    const bitsY = (wordB & magnitude) > infinity ? nan : wordB;
    if (bitsX === bitsY) continue;
    if (first < 0) first = i;
    differing += 1;
    const apart = bitsX ^ bitsY;
    bytes[apart & 255]! += 1;
    bytes[256 | ((apart >>> 8) & 255)]! += 1;
    bytes[512 | ((apart >>> 16) & 255)]! += 1;
    bytes[768 | (apart >>> 24)]! += 1;
    // As ulpDistanceOfBits, whose checks for NaN are made above.
    let ulp = NAN_DISTANCE;
    if (bitsX !== nan && bitsY !== nan) {
      ulp = Math.abs((bitsX < 0 ? -(bitsX & magnitude) : bitsX) - (bitsY < 0 ? -(bitsY & magnitude) : bitsY));
      histogram[32 - Math.clz32(ulp)]! += 1;
    } else {
      histogram[ULP_BINS - 1]! += 1;
    }
    if (ulp > maxUlp) maxUlp = ulp;
    sumUlp += ulp;
    // Of two values that are not equal: infinite beside a NaN, and between infinities of different sign.
    const difference = Math.abs(x - y);
    if (difference === 0) continue;
    const absolute = difference < Number.POSITIVE_INFINITY ? difference : Number.POSITIVE_INFINITY;
    if (absolute > maxAbsolute) maxAbsolute = absolute;
    sumAbsolute += absolute;
    const relative =
      absolute < Number.POSITIVE_INFINITY ? absolute / Math.max(Math.abs(x), Math.abs(y)) : Number.POSITIVE_INFINITY;
    if (relative > maxRelative) maxRelative = relative;
    sumRelative += relative;
    if ((x < 0 && y > 0) || (x > 0 && y < 0)) signFlips += 1;
    squares += absolute * absolute;
  }
  sums.set([dot, squaresA, squaresB, differing, maxUlp, sumUlp, maxAbsolute, sumAbsolute, maxRelative, sumRelative]);
  sums[10] = signFlips;
  sums[11] = squares;
  return first;
}

/** Adds the arrays a and b to a tally. Throws ShapeError on unequal lengths. */
export function addPair(
  tally: Tally,
  a: Float32Array,
  b: Float32Array,
  { offset, pair }: PairPlace = { offset: 0, pair: 0 },
): void {
  const { length } = a;
  if (length !== b.length) {
    throw new ShapeError({ who: 'divergence', expected: `two arrays of one length (${length})`, got: `${b.length}` });
  }
  const { histogram, bytes } = tally;
  const sums = Float64Array.of(...sumNames.map((name) => tally[name]), tally.squares[pair] ?? 0);
  const walk = { a, b, wordsA: bitsOf(a), wordsB: bitsOf(b), sums, histogram, bytes };
  let first = -1;
  for (let from = 0; from < length; from += blockSize) {
    const found = walkBlock(walk, from, Math.min(length, from + blockSize));
    if (first < 0) first = found;
  }
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

/** Every distance between two arrays of one length; throws ShapeError if the lengths differ. */
export function compareArrays(a: Float32Array, b: Float32Array): Divergence {
  const tally = emptyTally();
  addPair(tally, a, b);
  return measure(tally);
}

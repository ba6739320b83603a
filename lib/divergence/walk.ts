/** The loop that sees every weight of every pair of runs. */
import { NAN_DISTANCE } from './ulp.js';

/** Places of a histogram of ulp distances: 0, 2^(k-1) to 2^k - 1, and NaN beside a number. */
export const ulpBins = 34;

export function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** Two arrays that are walked, and what is counted on the way. */
export interface Walk {
  a: Float32Array;
  b: Float32Array;
  wordsA: Int32Array;
  wordsB: Int32Array;
  /** Sums in the order in which `walkBlock` takes them, the squares of the pair last. */
  sums: Float64Array;
  histogram: Float64Array;
  bytes: Float64Array;
}

/** Elements that are walked in one go. */
export const blockSize = 2048;

/**
 * Walks the elements from `from` to `to`; the first that differs, or -1. This loop sees every weight of every pair of runs: its sums
 * are variables, and the bits that differ are counted a byte at a time.
 */
export function walkBlock({ a, b, wordsA, wordsB, sums, histogram, bytes }: Walk, from: number, to: number): number {
  let [dot, squaresA, squaresB] = [sums[0]!, sums[1]!, sums[2]!];
  let [differing, maxUlp, sumUlp] = [sums[3]!, sums[4]!, sums[5]!];
  let [maxAbsolute, sumAbsolute, maxRelative] = [sums[6]!, sums[7]!, sums[8]!];
  let [sumRelative, signFlips, squares] = [sums[9]!, sums[10]!, sums[11]!];
  // Constants of this function, not of the module: they are written into the compiled loop.
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
      histogram[ulpBins - 1]! += 1;
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

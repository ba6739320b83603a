/**
 * Orders of additions on plain numbers: what an order of partial sums adds up to, and which order adds up to given bits.
 * Every addition is one of float32, rounded once.
 */
import { shuffle, streams } from '../../random/index.js';

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** The bits of a float32, every NaN as one. */
export function bitsOf(value: number): number {
  floats[0] = value;
  return Number.isNaN(value) ? 0x7fc00000 : words[0]!;
}

/** The sums after each partial sum of an order. */
export function runningSums(partials: readonly number[], order: ArrayLike<number>): number[] {
  const sums: number[] = [];
  for (let i = 0; i < order.length; i += 1) {
    const partial = partials[order[i]!]!;
    sums.push(i === 0 ? partial : Math.fround(sums[i - 1]! + partial));
  }
  return sums;
}

/** The sum of an order. */
function sumOf(partials: readonly number[], order: ArrayLike<number>): number {
  let sum = partials[order[0]!]!;
  for (let i = 1; i < order.length; i += 1) sum = Math.fround(sum + partials[order[i]!]!);
  return sum;
}

/** Up to this many partial sums, every order is tried. */
export const exhaustiveUpTo = 8;
/** Orders drawn at random where there are more. */
export const randomTries = 200_000;

/** What a search for an order came to. */
export interface OrderSearch {
  /** Undefined where none was found. */
  order: number[] | undefined;
  tried: number;
  /** Whether all orders were tried. */
  all: boolean;
}

/** All orders of n things, in lexicographic order; the first is ascending. */
function* ordersOf(n: number): Generator<number[]> {
  const order = Array.from({ length: n }, (_, i) => i);
  while (true) {
    yield order;
    let falls = n - 2;
    while (falls >= 0 && order[falls]! > order[falls + 1]!) falls -= 1;
    if (falls < 0) return;
    let next = n - 1;
    while (order[next]! < order[falls]!) next -= 1;
    [order[falls], order[next]] = [order[next]!, order[falls]!];
    for (const last of order.splice(falls + 1).reverse()) order.push(last);
  }
}

/** The ascending order, then random ones of a seed. */
function* randomOrders(n: number, seed: number, tries: number): Generator<ArrayLike<number>> {
  yield Array.from({ length: n }, (_, i) => i);
  for (let step = 1; step < tries; step += 1) yield shuffle(n, { seed, stream: streams.arrival, step });
}

/** An order in which partial sums add up to a value that `fits`; see `searchOrders`. */
export function findOrder(partials: readonly number[], fits: (sum: number) => boolean, seed = 1): OrderSearch {
  return searchOrders(partials.length, (order) => fits(sumOf(partials, order)), seed);
}

/**
 * An order of n things that `fits`: every order is tried where there are few, otherwise `tries` of them, drawn from `seed`.
 */
export function searchOrders(
  n: number,
  fits: (order: ArrayLike<number>) => boolean,
  seed = 1,
  tries = randomTries,
): OrderSearch {
  const all = n <= exhaustiveUpTo;
  let tried = 0;
  if (n === 0) return { order: undefined, tried, all };
  for (const order of all ? ordersOf(n) : randomOrders(n, seed, tries)) {
    tried += 1;
    if (fits(order)) return { order: Array.from(order), tried, all };
  }
  return { order: undefined, tried, all };
}

/** Where two lists of running sums first have other bits; undefined where one is a beginning of the other. */
export function firstParting(a: readonly number[], b: readonly number[]): number | undefined {
  const found = a.findIndex((sum, i) => i < b.length && bitsOf(sum) !== bitsOf(b[i]!));
  return found < 0 ? undefined : found;
}

/** The bit in which two float32 values differ, if it is a single one: 0 is the lowest of the mantissa, 31 the sign. */
export function singleBit(a: number, b: number): number | undefined {
  const differing = bitsOf(a) ^ bitsOf(b);
  const bit = 31 - Math.clz32(differing);
  return differing !== 0 && (differing & (differing - 1)) === 0 ? bit : undefined;
}

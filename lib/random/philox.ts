/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): the same words as native/core/philox.h, for decisions made in
 * TypeScript such as the order of a shuffle.
 */
import { ArgumentError, show } from '../errors/index.js';

/** One sequence of random words: `stream` names the purpose (see `streams`), `step` counts its uses. */
export interface Sequence {
  /** Integer from 0 to 2^53 - 1; the key of the generator. */
  seed: number;
  /** Integer from 0 to 2^32 - 1. */
  stream: number;
  /** Integer from 0 to 2^32 - 1. */
  step: number;
}

const word = 2 ** 32;

/** The upper 32 bits of a 32 by 32 bit product, from products of 16-bit halves, each of which a double holds exactly. */
function high(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const lower = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle >>> 16) + (lower >>> 16)) >>> 0;
}

/** Turns a counter of four words into four random words, in place, under a key of two words. */
export function philox(counter: Uint32Array, key0: number, key1: number): void {
  // By index: taken apart and set as arrays, they cost as much as the rounds.
  let c0 = counter[0]!;
  let c1 = counter[1]!;
  let c2 = counter[2]!;
  let c3 = counter[3]!;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const n0 = (high(0xcd9e8d57, c2) ^ c1 ^ k0) >>> 0;
    const n2 = (high(0xd2511f53, c0) ^ c3 ^ k1) >>> 0;
    c1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c3 = Math.imul(0xd2511f53, c0) >>> 0;
    c0 = n0;
    c2 = n2;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

function integer(name: string, value: number, limit: number, limitName: string): void {
  if (Number.isInteger(value) && value >= 0 && value < limit) return;
  throw new ArgumentError({
    who: 'random',
    expected: `${name} to be an integer from 0 to ${limitName} - 1`,
    got: show(value),
  });
}

/** Throws ArgumentError when the seed, stream or step of a sequence is out of range. */
export function checkSequence({ seed, stream, step }: Sequence): void {
  integer('seed', seed, Number.MAX_SAFE_INTEGER + 1, '2^53');
  integer('stream', stream, word, '2^32');
  integer('step', step, word, '2^32');
}

/**
 * Random words of one sequence, by index or one after another.
 * Throws ArgumentError when the seed, stream or step is out of range.
 * Example: `new Words({ seed: 1, stream: streams.shuffle, step: 0 }).below(6)`.
 */
export class Words {
  readonly #sequence: Sequence;
  readonly #block = new Uint32Array(4);
  #blockIndex = -1;
  #next = 0;

  constructor(sequence: Sequence) {
    checkSequence(sequence);
    this.#sequence = sequence;
  }

  /** Word `index` of the sequence, an integer from 0 to 2^32 - 1. */
  at(index: number): number {
    const block = Math.floor(index / 4);
    if (block !== this.#blockIndex) {
      const { seed, stream, step } = this.#sequence;
      const words = this.#block;
      words[0] = block;
      words[1] = Math.floor(block / word);
      words[2] = stream;
      words[3] = step;
      philox(words, seed, Math.floor(seed / word));
      this.#blockIndex = block;
    }
    return this.#block[index - 4 * block]!;
  }

  /** The next word that has not been taken. */
  next(): number {
    return this.at(this.#next++);
  }

  /** Uniform in [0, 1), a multiple of 2^-24, exact in float32: `(word >> 8) * 2^-24` of the next word. */
  uniform(): number {
    return (this.next() >>> 8) / 2 ** 24;
  }

  /**
   * An integer from 0 to n - 1, each equally likely (Lemire 2019): the high word of `word * n`, unless its low word is
   * under `2^32 mod n`, in which case the next word is taken. Throws ArgumentError unless 1 <= n < 2^32.
   */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n >= word) {
      throw new ArgumentError({ who: 'below', expected: 'n to be an integer from 1 to 2^32 - 1', got: show(n) });
    }
    const rejected = word % n;
    for (;;) {
      const drawn = this.next();
      if (Math.imul(drawn, n) >>> 0 >= rejected) return high(drawn, n);
    }
  }
}

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) and the
// uniforms, normals, integers and shuffles of docs/contract.md, all in 32-bit integer steps.

import { cos, log, sin } from './elementary.js';
import { add, f32, mul, sqrt, sub } from './float32.js';

type Words2 = readonly [number, number];
type Words4 = readonly [number, number, number, number];

/** The high and low words of a 32 x 32 bit product. */
function multiply(a: number, b: number): [high: number, low: number] {
  const product = BigInt(a) * BigInt(b);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/** Ten rounds of Philox4x32. */
export function philox(key: Words2, counter: Words4): [number, number, number, number] {
  let [k0, k1] = key;
  let [c0, c1, c2, c3] = counter;
  for (let round = 0; round < 10; ++round) {
    const [high0, low0] = multiply(0xd2511f53, c0);
    const [high1, low1] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

export interface Stream {
  readonly seed: bigint;
  readonly stream: number;
  readonly step: number;
}

/** Word `index` of a stream: word `index mod 4` of block `index div 4`. */
export function wordAt(source: Stream, index: number): number {
  const key: Words2 = [Number(source.seed & 0xffffffffn), Number((source.seed >> 32n) & 0xffffffffn)];
  const block = Math.floor(index / 4);
  return philox(key, [block >>> 0, Math.floor(block / 2 ** 32), source.stream, source.step])[index % 4]!;
}

/** The first `count` words of a stream. */
export function words(source: Stream, count: number): Uint32Array {
  const key: Words2 = [Number(source.seed & 0xffffffffn), Number((source.seed >> 32n) & 0xffffffffn)];
  const result = new Uint32Array(count);
  for (let i = 0; i < count; i += 4) {
    const block = philox(key, [i / 4, 0, source.stream, source.step]);
    result.set(block.slice(0, count - i), i);
  }
  return result;
}

/** The first `count` uniforms in [0, 1). */
export function unitUniform(source: Stream, count: number): Float32Array {
  return Float32Array.from(words(source, count), (word) => (word >>> 8) * 2 ** -24);
}

/** `count` uniforms in [low, high). */
export function uniform(source: Stream, count: number, low = 0, high = 1): Float32Array {
  const width = sub(f32(high), f32(low));
  return unitUniform(source, count).map((u) => add(f32(low), mul(width, u)));
}

/** `count` normals by Box and Muller. */
export function normal(source: Stream, count: number, mean = 0, stddev = 1): Float32Array {
  const drawn = words(source, count + (count % 2));
  return Float32Array.from({ length: count }, (_, i) => {
    const first = i - (i % 2);
    const u1 = ((drawn[first]! >>> 8) + 1) * 2 ** -24;
    const u2 = (drawn[first + 1]! >>> 8) * 2 ** -24;
    const radius = sqrt(mul(-2, log(u1)));
    const turn = mul(f32(6.2831855), u2);
    return add(f32(mean), mul(f32(stddev), mul(radius, i % 2 === 0 ? cos(turn) : sin(turn))));
  });
}

/** The indices 0 to count - 1 shuffled: Fisher and Yates from the last index down, Lemire's unbiased integers. */
export function shuffle(source: Stream, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  let next = 0;
  for (let last = count - 1; last >= 1; --last) {
    const below = last + 1;
    let [high, low] = multiply(wordAt(source, next++), below);
    while (low < 2 ** 32 % below) [high, low] = multiply(wordAt(source, next++), below);
    [order[last], order[high]] = [order[high]!, order[last]!];
  }
  return order;
}

/** The distances of several runs as one plain walk over every pair, every bit by itself: what the fast walk has to equal. */
import type { Divergence, NamedTensor } from '../../../lib/divergence/index.js';
import { layerOf, ulpDistance } from '../../../lib/divergence/index.js';

const canonical = (word: number) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word);
const bitsOf = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);

/** Sums that grow pair by pair. */
class Walk {
  elements = 0;
  differing = 0;
  first: number | null = null;
  maxUlp = 0;
  sumUlp = 0;
  histogram = new Array<number>(34).fill(0);
  positions = new Array<number>(32).fill(0);
  maxAbsolute = 0;
  sumAbsolute = 0;
  maxRelative = 0;
  sumRelative = 0;
  squares: number[] = [];
  dot = 0;
  squaresA = 0;
  squaresB = 0;
  signFlips = 0;

  pair(a: Float32Array, b: Float32Array, offset: number, pair: number): void {
    this.squares[pair] ??= 0;
    this.elements += a.length;
    for (const [i, x] of a.entries()) {
      const y = b[i]!;
      this.dot += x * y;
      this.squaresA += x * x;
      this.squaresB += y * y;
      const [p, q] = [canonical(bitsOf(a)[i]!), canonical(bitsOf(b)[i]!)];
      if (p === q) continue;
      this.first = Math.min(this.first ?? offset + i, offset + i);
      this.differing += 1;
      const ulp = ulpDistance(x, y);
      this.maxUlp = Math.max(this.maxUlp, ulp);
      this.sumUlp += ulp;
      this.histogram[ulp === 2 ** 32 ? 33 : ulp === 0 ? 0 : Math.floor(Math.log2(ulp)) + 1]! += 1;
      for (let k = 0; k < 32; k += 1) this.positions[k]! += ((p ^ q) >>> k) & 1;
      if (x === y) continue;
      const absolute = Number.isFinite(x - y) ? Math.abs(x - y) : Number.POSITIVE_INFINITY;
      this.maxAbsolute = Math.max(this.maxAbsolute, absolute);
      this.sumAbsolute += absolute;
      const relative = Number.isFinite(absolute) ? absolute / Math.max(Math.abs(x), Math.abs(y)) : absolute;
      this.maxRelative = Math.max(this.maxRelative, relative);
      this.sumRelative += relative;
      if (x * y < 0 || (x < 0 && y > 0) || (x > 0 && y < 0)) this.signFlips += 1;
      this.squares[pair]! += absolute * absolute;
    }
  }

  join(part: Walk, pairs: number): void {
    if (part.first !== null) this.first ??= this.elements / pairs + part.first;
    for (const sum of ['elements', 'differing', 'sumUlp', 'sumAbsolute', 'sumRelative', 'signFlips'] as const)
      this[sum] += part[sum];
    for (const sum of ['dot', 'squaresA', 'squaresB'] as const) this[sum] += part[sum];
    for (const most of ['maxUlp', 'maxAbsolute', 'maxRelative'] as const) this[most] = Math.max(this[most], part[most]);
    this.histogram = this.histogram.map((count, k) => count + part.histogram[k]!);
    this.positions = this.positions.map((count, k) => count + part.positions[k]!);
    this.squares = part.squares.map((square, pair) => (this.squares[pair] ?? 0) + square);
  }

  /** What `Divergence` has of it. */
  found(): Omit<Divergence, 'cosineSimilarity' | 'l2'> {
    const count = Math.max(1, this.elements);
    const bits = (from: number, to: number) => this.positions.slice(from, to).reduce((a, b) => a + b, 0);
    return {
      ...{ elements: this.elements, differing: this.differing, firstDiffering: this.first, maxUlp: this.maxUlp },
      meanUlp: this.sumUlp / count,
      ulpHistogram: [this.histogram[0]! + this.elements - this.differing, ...this.histogram.slice(1)],
      differingBits: bits(0, 32) / (32 * count),
      differingBitsByPosition: this.positions.map((one) => one / count),
      differingBitsByField: { sign: this.positions[31]!, exponent: bits(23, 31), mantissa: bits(0, 23) },
      ...{ maxAbsolute: this.maxAbsolute, meanAbsolute: this.sumAbsolute / count },
      ...{ maxRelative: this.maxRelative, meanRelative: this.sumRelative / count },
      ...{ l2Pairs: this.squares.map(Math.sqrt), signFlips: this.signFlips },
    };
  }

  get cosine(): number {
    const [a, b] = [this.squaresA, this.squaresB];
    if (!Number.isFinite(a + b)) return Number.NaN;
    return a === 0 && b === 0 ? 1 : a === 0 || b === 0 ? 0 : Math.min(1, Math.max(-1, this.dot / Math.sqrt(a * b)));
  }
}

/** Every layer and all weights, over all pairs. */
export function plainWalk(models: readonly (readonly NamedTensor[])[]) {
  const names = [...new Set(models[0]!.map(({ name }) => layerOf(name)))];
  const all = new Walk();
  const pairs = models.flatMap((a, i) => models.slice(i + 1).map((b) => [a, b] as const));
  const layers = names.map((layer) => {
    const walk = new Walk();
    for (const [pair, [a, b]] of pairs.entries()) {
      let offset = 0;
      for (const [t, { name, data }] of a.entries()) {
        if (layerOf(name) !== layer) continue;
        walk.pair(data, b[t]!.data, offset, pair);
        offset += data.length;
      }
    }
    all.join(walk, pairs.length);
    return { layer, cosineSimilarity: walk.cosine, ...walk.found() };
  });
  return { layers, all: { cosineSimilarity: all.cosine, ...all.found() } };
}

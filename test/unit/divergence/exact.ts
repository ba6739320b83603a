// An independent judge of distances: float32 as exact integers (multiples of 2^-149), ulp by counting the ordered
// bit patterns, sums in BigInt. Slow and obvious.

/** The 32 bits of a float32 as an unsigned integer. */
export function bitsOf(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

/** value * 2^149 of a finite float32, an integer. */
export function scaled(value: number): bigint {
  const bits = BigInt(bitsOf(value));
  const exponent = (bits >> 23n) & 0xffn;
  const fraction = bits & 0x7fffffn;
  const size = exponent === 0n ? fraction : (fraction | 0x800000n) << (exponent - 1n);
  return bits >> 31n === 1n ? -size : size;
}

/** Numbers from one float32 to another, as a string of binary digits is long; NaN only meets NaN. */
export function ulps(a: number, b: number): bigint {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0n : 2n ** 32n;
  const rank = (value: number) => {
    const size = BigInt(bitsOf(value)) & 0x7fffffffn;
    return value < 0 ? -size : size;
  };
  const distance = rank(a) - rank(b);
  return distance < 0n ? -distance : distance;
}

const size = (value: bigint) => (value < 0n ? -value : value);

/** n / 2^shift, rounded a few times at most. */
function toNumber(value: bigint, shift: number): number {
  const drop = Math.max(0, size(value).toString(2).length - 64);
  return Number(value >> BigInt(drop)) * 2 ** (drop - shift / 2) * 2 ** (-shift / 2);
}

/** Every measure of two lists of finite float32 numbers. */
export function exactly(a: readonly number[], b: readonly number[]) {
  const pairs = a.map((value, i) => [value, b[i]!] as const);
  const distances = pairs.map(([x, y]) => ulps(x, y));
  const histogram = new Array<number>(34).fill(0);
  for (const distance of distances) histogram[distance === 0n ? 0 : distance.toString(2).length]! += 1;
  const flipped = pairs.map(([x, y]) => (bitsOf(x) ^ bitsOf(y)) >>> 0);
  const positions = Array.from({ length: 32 }, (_, k) => flipped.filter((word) => (word >>> k) % 2 === 1).length);
  const differences = pairs.map(([x, y]) => size(scaled(x) - scaled(y)));
  const sum = (list: bigint[]) => list.reduce((total, value) => total + value, 0n);
  const dot = (p: readonly number[], q: readonly number[]) => sum(p.map((value, i) => scaled(value) * scaled(q[i]!)));
  const relative = pairs.map(([x, y], i) => {
    const larger = size(scaled(x)) > size(scaled(y)) ? size(scaled(x)) : size(scaled(y));
    return larger === 0n ? 0 : toNumber((differences[i]! << 80n) / larger, 80);
  });
  return {
    maxUlp: distances.reduce((most, one) => (one > most ? one : most), 0n),
    sumUlp: sum(distances),
    histogram,
    positions,
    maxAbsolute: toNumber(
      differences.reduce((most, one) => (one > most ? one : most), 0n),
      149,
    ),
    meanAbsolute: toNumber(sum(differences), 149) / a.length,
    maxRelative: Math.max(...relative),
    meanRelative: relative.reduce((total, one) => total + one, 0) / a.length,
    l2: Math.sqrt(toNumber(sum(differences.map((one) => one * one)), 298)),
    dot: toNumber(dot(a, b), 298),
    squaresA: toNumber(dot(a, a), 298),
    squaresB: toNumber(dot(b, b), 298),
    signFlips: pairs.filter(([x, y]) => scaled(x) * scaled(y) < 0n).length,
  };
}

// The float32 arithmetic of docs/contract.md in plain TypeScript: one rounding per operation, fma included.
// A double operation on two floats followed by one Math.fround is correctly rounded for + - * / and sqrt
// (Figueroa, "When is double rounding innocuous?", 1995), so only fma needs work.

export const f32 = Math.fround;

export const add = (a: number, b: number): number => f32(a + b);
export const sub = (a: number, b: number): number => f32(a - b);
export const mul = (a: number, b: number): number => f32(a * b);
export const div = (a: number, b: number): number => f32(a / b);
export const sqrt = (a: number): number => f32(Math.sqrt(a));

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * `a * b + c` with one rounding. The product of two floats is exact in a double. Rounding the sum to a double first is wrong only
 * where that lies in the middle between two floats, which is where its mirror image beyond the rounded float is a float too: there
 * the sum is taken with its exact error (Knuth's two-sum), rounded to odd in the double, and then once to float, which is the
 * right result because a double keeps more than two bits beyond a float (Boldo and Melquiond, 2008).
 */
export function fma(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = f32(sum);
  const off = sum - rounded;
  if (off === 0) return rounded;
  const mirrored = rounded + 2 * off;
  if (mirrored < f32(mirrored) || mirrored > f32(mirrored)) return rounded;
  const fromProduct = sum - c;
  const error = product - fromProduct + (c - (sum - fromProduct));
  return error !== 0 && Number.isFinite(error) ? f32(toOdd(sum, error)) : rounded;
}

/** The double next to the exact value `sum + error` whose last bit is 1; `sum` itself when that is already so. */
function toOdd(sum: number, error: number): number {
  double[0] = sum;
  const low = words[0]!;
  if ((low & 1) === 1) return sum;
  if (error > 0 === sum > 0) {
    words[0] = low + 1;
  } else {
    words[0] = low - 1;
    if (low === 0) words[1]! -= 1;
  }
  return double[0];
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The bits of a float, every NaN as 0x7fc00000. */
export function bitsOf(value: number): number {
  if (Number.isNaN(value)) return 0x7fc00000;
  single[0] = value;
  return singleBits[0]!;
}

/** The float with these bits. */
export function fromBits(bits: number): number {
  singleBits[0] = bits;
  return single[0]!;
}

/** The larger of two by the contract's rule for clipping: `a` unless it is below `b`, so NaN in `a` stays. */
export function max(a: number, b: number): number {
  if (a < b) return b;
  return a;
}

/** The smaller of two by the contract's rule for clipping: `a` unless it is above `b`, so NaN in `a` stays. */
export function min(a: number, b: number): number {
  if (a > b) return b;
  return a;
}

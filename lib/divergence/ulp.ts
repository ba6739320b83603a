/**
 * Distance of two float32 values counted in representable numbers between them (units in the last place).
 *
 * The bit patterns are mapped to integers that ascend with the values: a positive float is its own pattern, a
 * negative one is minus its pattern without the sign bit. So +0 and -0 both map to 0 and are 0 apart. Two NaNs are 0
 * apart whatever their payloads; a NaN and a number are 2^32 apart, which is more than any two numbers can be. With
 * that the distance is symmetric and keeps the triangle inequality, and every value is an exact integer.
 */

/** The distance between NaN and any number: 2^32. */
export const NAN_DISTANCE = 4294967296;

const INFINITY_BITS = 0x7f800000;

/** True if the float32 with these bits is NaN. */
function isNanBits(bits: number): boolean {
  return (bits & 0x7fffffff) > INFINITY_BITS;
}

/** Ulp distance of two float32 values given by their bits (signed or unsigned 32-bit integers). */
export function ulpDistanceOfBits(a: number, b: number): number {
  const aNan = isNanBits(a);
  const bNan = isNanBits(b);
  if (aNan || bNan) return aNan && bNan ? 0 : NAN_DISTANCE;
  const orderedA = (a | 0) < 0 ? -(a & 0x7fffffff) : a;
  const orderedB = (b | 0) < 0 ? -(b & 0x7fffffff) : b;
  return Math.abs(orderedA - orderedB);
}

const floats = new Float32Array(2);
const words = new Int32Array(floats.buffer);

/** Ulp distance of two numbers, each rounded to float32 first. */
export function ulpDistance(a: number, b: number): number {
  floats[0] = a;
  floats[1] = b;
  return ulpDistanceOfBits(words[0]!, words[1]!);
}

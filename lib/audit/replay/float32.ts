/**
 * Float32 arithmetic on numbers, one rounding an operation, as docs/contract.md has it. A double operation on two floats
 * rounded once more is right for + - * / and the square root (Figueroa 1995), so `Math.fround` suffices there.
 */

/**
 * `a * b + c` with one rounding. The product is exact in a double; the double sum, rounded again, is wrong only where it
 * lies halfway between two floats and had been rounded there: then the sign of what was lost decides.
 */
export function fma(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const nearest = Math.fround(sum);
  const other = sum + (sum - nearest);
  // Not halfway, or beyond all floats.
  if (other === nearest || Math.fround(other) !== other || !Number.isFinite(other)) return nearest;
  const back = sum - c;
  const lost = product - back + (c - (sum - back)); // exact (Knuth's two-sum)
  if (lost === 0) return nearest;
  return lost > 0 ? Math.max(nearest, other) : Math.min(nearest, other);
}

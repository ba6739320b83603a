/** x^n for whole n >= 0, in doubles: from the highest bit of n down, square, and multiply by x where the bit is set. */
export function powerBySquaring(x: number, n: number): number {
  if (n === 0) return 1;
  const half = powerBySquaring(x, Math.floor(n / 2));
  return n % 2 === 0 ? half * half : half * half * x;
}

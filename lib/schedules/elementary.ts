/**
 * Powers and cosines whose bits are the same on every machine: nothing but + - * / of doubles, where those of a C library may
 * differ. Their error is a few units of the last place of a double, which a rate rounded to float32 does not show.
 */

/** c0 + x * (c1 + x * (...)), from the inside out. */
const horner = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

const factorials = Array.from({ length: 20 }, (_, n) => {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
});
const expSeries = factorials.map((factorial) => 1 / factorial);
/** Of cos(sqrt(z)): (-1)^n / (2n)!. */
const cosSeries = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? 1 : -1) / factorials[2 * n]!);
/** Of sin(sqrt(z)) / sqrt(z): (-1)^n / (2n + 1)!. */
const sinSeries = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? 1 : -1) / factorials[2 * n + 1]!);
/** Of atanh(sqrt(z)) / sqrt(z): 1 / (2n + 1). */
const atanhSeries = Array.from({ length: 12 }, (_, n) => 1 / (2 * n + 1));

// log(2) in two parts, of which the first has 33 bits, so that a whole multiple of it is exact.
const [log2High, log2Low] = [0.6931471803691238, 1.9082149292705877e-10];

/** x^n for whole n >= 0: one multiplication after the other, each rounded. */
export function wholePower(x: number, power: number): number {
  let product = 1;
  for (let i = 0; i < power && product !== 0; i++) product *= x;
  return product;
}

/** log(x) of a normal x > 0: x = 2^e * m with m around 1, log(m) = 2 atanh((m - 1) / (m + 1)). */
export function logOf(x: number): number {
  let [e, m] = [0, x];
  for (; m > Math.SQRT2; e++) m /= 2;
  for (; m < Math.SQRT1_2; e--) m *= 2;
  const s = (m - 1) / (m + 1);
  return e * log2High + (2 * s * horner(s * s, atanhSeries) + e * log2Low);
}

/** exp(x) for |x| below 700: x = k log(2) + r with |r| below 0.35. */
function expOf(x: number): number {
  const k = Math.round(x / (log2High + log2Low));
  const r = x - k * log2High - k * log2Low;
  const scale = wholePower(k < 0 ? 0.5 : 2, Math.abs(k));
  return horner(r, expSeries) * scale;
}

/** x^y for x >= 0 and y >= 0: whole powers by multiplication, others as exp(y log(x)). */
export function powerOf(x: number, y: number): number {
  if (Number.isInteger(y)) return wholePower(x, y);
  if (x === 0 || x === 1) return x;
  const exponent = y * logOf(x);
  if (exponent < -700) return 0;
  return expOf(exponent);
}

/** cos(pi * x) for 0 <= x <= 1. */
export function cosineOfHalfTurn(x: number): number {
  if (x > 0.5) return -cosineOfHalfTurn(1 - x);
  if (x <= 0.25) return horner((Math.PI * x) ** 2, cosSeries);
  const angle = Math.PI * (0.5 - x);
  return angle * horner(angle * angle, sinSeries);
}

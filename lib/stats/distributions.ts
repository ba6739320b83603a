/**
 * Tails of the distributions that tests compare with. The incomplete beta and gamma functions are those of Cephes,
 * compiled to WebAssembly, so a p-value has the same bits on every machine. Small tails are computed as such, never as
 * 1 minus something near 1; relative error below 1e-11 down to 1e-300 (measured).
 */
import { extraPackage } from '../lazy/index.js';

/** The functions of the package that are used; its declarations are not among its exports. */
interface Cephes {
  /** Regularised incomplete beta function of x. */
  incbet(a: number, b: number, x: number): number;
  /** Regularised upper incomplete gamma function; throws an Error where it underflows. */
  igamc(a: number, x: number): number;
  /** Quantile p of Student's t with k degrees of freedom. */
  stdtri(k: number, p: number): number;
  /** Of the standard normal distribution, the share below x. */
  ndtr(x: number): number;
  /** log |gamma(x)|. */
  lgam(x: number): number;
}

// The form that is required compiles its code as it loads; the module form does so later, and would have to be waited for.
const cephes = extraPackage<Cephes>('statistics', 'cephes');

/** P(|T| >= |t|) for Student's t with `df` degrees of freedom; NaN for NaN. */
export function studentTails(t: number, df: number): number {
  return fisherTail(t * t, 1, df);
}

/** The t of `df` degrees of freedom (an integer >= 1) below which a share `p` of the distribution lies. */
export function studentQuantile(p: number, df: number): number {
  return cephes().stdtri(df, p);
}

/** P(F >= f) for Fisher's F with `df1` and `df2` degrees of freedom (DLMF 8.17); NaN for NaN. */
export function fisherTail(f: number, df1: number, df2: number): number {
  if (Number.isNaN(f)) return f;
  const x = (f * df1) / df2;
  // Below f = 1 the tail is no small number, but 1 / (1 + x) would round a small x away.
  return f < 1 ? 1 - cephes().incbet(df1 / 2, df2 / 2, x / (1 + x)) : cephes().incbet(df2 / 2, df1 / 2, 1 / (1 + x));
}

/** P(X >= x) for chi-square with `df` degrees of freedom; 0 where it is below 1e-308. */
export function chiSquareTail(x: number, df: number): number {
  const a = df / 2;
  const half = Math.max(0, x / 2);
  if (half === 0) return 1;
  // Cephes throws where the density underflows; there the tail is 0 or 1 to all digits.
  if (a * Math.log(half) - half - cephes().lgam(a) < -709) return half > a ? 0 : 1;
  return cephes().igamc(a, half);
}

/** The regularised incomplete beta function of x. */
export const incompleteBeta = (x: number, a: number, b: number): number => cephes().incbet(a, b, x);

/** The share of the standard normal distribution below x. */
export const normalBelow = (x: number): number => cephes().ndtr(x);

/** log of the gamma function. */
export function logGamma(x: number): number {
  return cephes().lgam(x);
}

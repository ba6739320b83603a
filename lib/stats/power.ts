/** What a t-test of few runs can see: the smallest difference that it finds with a stated probability. */
import { ArgumentError, integerOption, show } from '../errors/index.js';
import { incompleteBeta, logGamma, normalBelow, studentQuantile } from './distributions.js';

/**
 * P(T <= t) of the noncentral t distribution with `df` degrees of freedom and noncentrality `delta`, by the series of Lenth (1989,
 * AS 243): with x = t^2 / (t^2 + df), Phi(-delta) + 1/2 sum over j of p(j) I_x(j + 1/2, df/2) + q(j) I_x(j + 1, df/2).
 */
export function noncentralStudentBelow(t: number, df: number, delta: number): number {
  if (t < 0) return 1 - noncentralStudentBelow(-t, df, -delta);
  const x = (t * t) / (t * t + df);
  const half = (delta * delta) / 2;
  // The weights are Poisson's: their sum from here to there is 1 to all digits.
  const reach = 12 * Math.sqrt(half) + 60;
  const [first, last] = [Math.max(0, Math.floor(half - reach)), Math.ceil(half + reach)];
  let sum = 0;
  for (let j = first; j <= last; ++j) {
    const power = (half === 0 ? (j === 0 ? 0 : Number.NEGATIVE_INFINITY) : j * Math.log(half)) - half;
    const p = Math.exp(power - logGamma(j + 1));
    const q = (delta / Math.SQRT2) * Math.exp(power - logGamma(j + 1.5));
    sum += p * incompleteBeta(x, j + 0.5, df / 2) + q * incompleteBeta(x, j + 1, df / 2);
  }
  return Math.min(1, Math.max(0, normalBelow(-delta) + sum / 2));
}

/** How often a test is wrong where there is no difference, and how often it finds one that is there. */
export interface PowerOptions {
  level?: number;
  power?: number;
}

/**
 * The smallest difference from a value, in standard deviations (Cohen's d), that a two-sided one-sample t-test of `count` values finds
 * with probability `power` at `level`. Throws ArgumentError for fewer than two values, and for a level or power outside 0 to 1.
 * Example: `smallestEffect(5)` is 1.68: with five runs nothing below 1.68 standard deviations is seen reliably.
 */
export function smallestEffect(count: number, { level = 0.05, power = 0.8 }: PowerOptions = {}): number {
  const who = 'smallestEffect';
  integerOption(who, 'count', count, 2);
  for (const [name, value] of Object.entries({ level, power })) {
    if (value > 0 && value < 1) continue;
    throw new ArgumentError({ who, expected: `${name} to lie between 0 and 1`, got: show(value) });
  }
  if (power <= level)
    throw new ArgumentError({ who, expected: 'power above level', got: `${show(power)} and ${show(level)}` });
  const df = count - 1;
  const critical = studentQuantile(1 - level / 2, df);
  const found = (effect: number) => {
    const delta = effect * Math.sqrt(count);
    return 1 - noncentralStudentBelow(critical, df, delta) + noncentralStudentBelow(-critical, df, delta);
  };
  let [low, high] = [0, 1];
  while (found(high) < power) high *= 2;
  // Until no number lies between.
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (found(middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

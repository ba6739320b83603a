/** Numbers, times and hashes as people read them; one form each, the same in the terminal and in the report. */

const minus = '\u2212';

/** An integer with thousands separated by commas: 991,041. */
export function integer(value: number): string {
  const digits = String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return value < 0 ? minus + digits : digits;
}

/** A count in at most four characters beside its unit: 0, 0.12, 7.3, 412, 9.1 k, 3.4 M, 2.2 G. */
export function compact(value: number): string {
  if (value === 0) return '0';
  for (const [size, unit] of [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ] as const) {
    if (value >= size) return `${significant(value / size)}${unit}`;
  }
  return value < 0.01 ? '<0.01' : significant(value);
}

function significant(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(value >= 99.5 ? 0 : 1) : value.toFixed(value >= 1 ? 1 : 2);
}

/** A share as percent: 0 %, <0.1 %, 12.3 %. */
export function percent(share: number, digits = 1): string {
  if (share === 0) return '0 %';
  const least = 10 ** -digits;
  return share * 100 < least ? `<${least.toFixed(digits)} %` : `${(share * 100).toFixed(digits)} %`;
}

/** A number with a fixed number of decimals, `none` where there is none. */
export function fixed(value: number | null, digits: number, none = '\u2013'): string {
  return value === null || !Number.isFinite(value) ? none : value.toFixed(digits).replace('-', minus);
}

/** A duration: 41.2 ms, 3.21 s, 4 min 05 s. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Cosine similarity, with digits enough to tell it from 1: 1, 0.999987, 1 \u2212 3e-9. */
export function similarity(value: number | null): string {
  if (value === null) return '\u2013';
  const rest = 1 - value;
  if (rest === 0) return '1';
  return rest > 0 && rest < 5e-7 ? `1 ${minus} ${rest.toExponential(0)}` : fixed(value, 6);
}

/** A measure of any size in four digits: 0, 0.1234, 12.34, 3.21e\u22127; a dash where there is none. */
export function scientific(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  const text = size === 0 ? '0' : size >= 1e-3 && size < 1e5 ? value.toPrecision(4) : value.toExponential(2);
  return text.replaceAll('-', minus);
}

/** A p-value: 0.0321, 1.2e\u22125, <1e\u2212300; a dash where there is none. */
export function probability(value: number | null): string {
  if (value === null) return '\u2013';
  if (value < 1e-300) return value === 0 ? '0' : `<1e${minus}300`;
  return value >= 1e-4 ? value.toFixed(4) : value.toExponential(1).replace('-', minus);
}

/** The least and the largest of a list in one word: `0.812` or `0.801 to 0.823`. */
export function range(values: readonly (number | null)[], form: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '\u2013';
  const [low, high] = [form(known.reduce((a, b) => Math.min(a, b))), form(known.reduce((a, b) => Math.max(a, b)))];
  return low === high ? low : `${low} to ${high}`;
}

/** The first 12 hex digits of a hash, with an ellipsis: 1a2b3c4d5e6f\u2026 */
export function shortHash(hash: string): string {
  return `${hash.replace(/^sha256:/, '').slice(0, 12)}\u2026`;
}

/** `1 run`, `3 runs`. */
export function plural(count: number, word: string): string {
  return `${integer(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** The size of square pictures in a list, nothing where data are no pictures: `96 x 96, `. */
export const sizeText = (side: number | undefined): string => (side === undefined ? '' : `${side} \u00d7 ${side}, `);

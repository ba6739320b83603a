/** Text for people: aligned tables, times and rates with three significant digits. */
import type { Interval } from '../lib/stats/index.js';

/** Columns padded to one width; numbers, which start with a digit, to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const right = head.map((_, column) => rows.length > 0 && rows.every((row) => /^[\d-]/.test(row[column]!)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (right[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 6));
}

/** A time in milliseconds. */
export const milliseconds = (seconds: number): string => digits(seconds * 1e3);

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Half the distance between the quartiles, as a share of the median. */
export const spreadPercent = ({ quartile1, quartile3, median }: Record<'quartile1' | 'quartile3' | 'median', number>) =>
  `${((50 * (quartile3 - quartile1)) / median).toFixed(1)} %`;

/** A ratio with its interval. */
export const ratioText = ({ estimate, low, high }: Interval): string =>
  `${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

// Where one form of a number ends and the next begins, and the signs that stand behind a number.

import { describe, expect, it } from 'vitest';
import {
  compact,
  duration,
  fixed,
  percent,
  plural,
  probability,
  range,
  scientific,
  similarity,
} from '../../../lib/reports/format.js';

const minus = '\u2212';
const dash = '\u2013';
type Row = [got: string, want: string];

const rows: Record<string, Row[]> = {
  percent: [
    [percent(0, 3), '0 %'],
    [percent(0.00099), '<0.1 %'],
    [percent(0.001), '0.1 %'],
    [percent(0.000999, 2), '0.10 %'],
    [percent(0.00009, 2), '<0.01 %'],
    [percent(0.256, 0), '26 %'],
    [percent(0.004, 0), '<1 %'],
    [percent(1), '100.0 %'],
    [percent(2.5), '250.0 %'],
  ],
  compact: [
    [compact(0.0099), '<0.01'],
    [compact(0.01), '0.01'],
    [compact(0.99), '0.99'],
    [compact(1), '1.0'],
    [compact(9.94), '9.9'],
    [compact(10), '10.0'],
    [compact(99.4), '99.4'],
    [compact(99.5), '100'],
    [compact(100), '100'],
    [compact(999.4), '999'],
    [compact(1000), '1.0 k'],
    [compact(1e6), '1.0 M'],
    [compact(999_999), '1000 k'],
    [compact(1e9), '1.0 G'],
  ],
  duration: [
    [duration(0), '0.0 ms'],
    [duration(0.9994), '999.4 ms'],
    [duration(1), '1.00 s'],
    [duration(9.99), '9.99 s'],
    [duration(10), '10.0 s'],
    [duration(59.94), '59.9 s'],
    [duration(60), '1 min 00 s'],
    [duration(119.6), '2 min 00 s'],
    [duration(3661), '61 min 01 s'],
  ],
  similarity: [
    [similarity(1), '1'],
    [similarity(1 - 4e-7), `1 ${minus} 4e-7`],
    [similarity(1 - 6e-7), '0.999999'],
    [similarity(1.5), '1.500000'],
    [similarity(0), '0.000000'],
    [similarity(Number.NaN), dash],
  ],
  scientific: [
    [scientific(0), '0'],
    [scientific(-0), '0'],
    [scientific(1e-3), '0.001000'],
    [scientific(9.99e-4), `9.99e${minus}4`],
    [scientific(99_999), '1.000e+5'],
    [scientific(12_345), '1.235e+4'],
    [scientific(1e5), '1.00e+5'],
    [scientific(-12.345), `${minus}12.35`],
    [scientific(-1e-7), `${minus}1.00e${minus}7`],
    [scientific(null), dash],
    [scientific(Number.POSITIVE_INFINITY), dash],
  ],
  probability: [
    [probability(null), dash],
    [probability(0), '0'],
    [probability(1e-301), `<1e${minus}300`],
    [probability(1e-300), `1.0e${minus}300`],
    [probability(9.9e-5), `9.9e${minus}5`],
    [probability(1e-4), '0.0001'],
    [probability(1), '1.0000'],
  ],
  others: [
    [fixed(-1.25, 1), `${minus}1.3`],
    [fixed(Number.POSITIVE_INFINITY, 1, 'none'), 'none'],
    [plural(0, 'run'), '0 runs'],
    [plural(1000, 'run'), '1,000 runs'],
    [range([3, 1, 2], (value) => `${value} %`), '1 % to 3 %'],
    [range([], String), dash],
  ],
};

describe.each(Object.entries(rows))('%s', (_name, cases) => {
  it.each(cases)('%s', (got, want) => {
    expect(got).toBe(want);
  });
});

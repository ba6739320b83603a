import { describe, expect, it } from 'vitest';
import {
  compact,
  duration,
  fixed,
  integer,
  percent,
  plural,
  range,
  shortHash,
  similarity,
} from '../../../lib/reports/format.js';

describe('numbers in reports', () => {
  it('separate thousands by commas', () => {
    expect([0, 999, 1000, 991041, 4294967296, -1234].map(integer)).toEqual([
      '0',
      '999',
      '1,000',
      '991,041',
      '4,294,967,296',
      '\u22121,234',
    ]);
  });

  it('are shortened with their unit, and never to 0 if they are not 0', () => {
    expect([0, 0.001, 0.123, 7.31, 42.17, 99.7, 412.4, 9123, 3.4e6, 2.2e9].map(compact)).toEqual([
      '0',
      '<0.01',
      '0.12',
      '7.3',
      '42.2',
      '100',
      '412',
      '9.1 k',
      '3.4 M',
      '2.2 G',
    ]);
  });

  it('are percent with one decimal, and never 0 % if they are not 0', () => {
    expect([0, 0.0001, 0.1234, 1].map((share) => percent(share))).toEqual(['0 %', '<0.1 %', '12.3 %', '100.0 %']);
  });

  it('stand as a dash where there is none or it is not finite', () => {
    expect([fixed(null, 2), fixed(Number.NaN, 2), fixed(-0.5, 2)]).toEqual(['\u2013', '\u2013', '\u22120.50']);
  });

  it('are durations in the unit that fits', () => {
    expect([0.0412, 3.214, 42.19, 245.4].map(duration)).toEqual(['41.2 ms', '3.21 s', '42.2 s', '4 min 05 s']);
  });

  it('tell a cosine similarity from 1 however close it is', () => {
    expect([1, 0.98, 1 - 3e-9, null, -1].map(similarity)).toEqual([
      '1',
      '0.980000',
      '1 \u2212 3e-9',
      '\u2013',
      '\u22121.000000',
    ]);
  });

  it('are one word where all are alike, and a range where they are not', () => {
    const form = (value: number) => value.toFixed(1);
    expect(range([1, 1.01], form)).toBe('1.0');
    expect(range([2, null, 1], form)).toBe('1.0 to 2.0');
    expect(range([null], form)).toBe('\u2013');
  });

  it('count words', () => {
    expect([plural(1, 'run'), plural(2, 'run'), shortHash(`sha256:${'ab'.repeat(32)}`)]).toEqual([
      '1 run',
      '2 runs',
      'abababababab\u2026',
    ]);
  });
});

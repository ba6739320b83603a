// Texts in CSV files: never a formula, and read back as they were.

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFile, csvText } from '../../../lib/files/index.js';
import { formulaCells, strangeName } from '../../support/formulas.js';

const read = (file: string, delimiter = ',') =>
  parse(file, { delimiter, relax_quotes: true, relax_column_count: true }) as string[][];

describe('a text in a CSV file', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['-0.5', "'-0.5"],
    ["'=1", "''=1"],
    ['\t=1', `"'\t'=1"`],
    ['\uff1d1', "'\uff1d1"],
    ['x;=1', `"x;'=1"`],
    ["it's a-b=c@d+e", "it's a-b=c@d+e"],
    ["'quoted'", "'quoted'"],
  ])('%j is written as %j and read back', (text, cell) => {
    const file = csvFile(['name'], [[text]]);
    expect(file).toBe(`name\r\n${cell}\r\n`);
    expect(csvText(read(file)[1]![0]!)).toBe(text);
  });

  it('begins no formula for any reader, and is read back as it was: drawn names, seed 23', () => {
    fc.assert(
      fc.property(fc.array(strangeName, { minLength: 1, maxLength: 4 }), (names) => {
        const file = csvFile(names, [names, names.map(() => -0.5)]);
        for (const delimiter of [',', ';', '\t']) expect(formulaCells(file, delimiter)).toEqual([]);
        const [head, texts, numbers] = read(file);
        expect(head!.map(csvText)).toEqual(names);
        expect(texts!.map(csvText)).toEqual(names);
        expect(numbers).toEqual(names.map(() => '-0.5'));
      }),
      { seed: 23, numRuns: 2000 },
    );
  });

  it('leaves numbers, flags and what is not there alone', () => {
    expect(csvFile(['a', 'b', 'c', 'd'], [[-0.5, -1e-7, true, null]])).toBe('a,b,c,d\r\n-0.5,-1e-7,true,\r\n');
  });
});

describe('the search for formulas', () => {
  it('finds what a table without a guard would hold', () => {
    expect(formulaCells('a,b\r\n=1,-0.5\r\n"x;@y",+z\r\n', ',')).toEqual(['=1', '+z']);
    expect(formulaCells('a;b\r\nx;@y\r\n', ';')).toEqual(['@y']);
  });
});

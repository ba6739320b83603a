import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { columns, priceSentence, terminalReport } from '../../../lib/reports/index.js';
import { divergenceTable } from '../../../lib/reports/tables/divergence.js';
import { epochsTable, runsTable, threadsTable } from '../../../lib/reports/tables/runs.js';
import { stepGrowthTable, stepPairsTable, stepsTable } from '../../../lib/reports/tables/steps.js';
import { type DataTable, tableCsv, tableJson } from '../../../lib/reports/tables/table.js';
import { sampleResult } from '../../support/result.js';

const result = sampleResult({ epochs: 3, runs: 2 });

describe('the report in the terminal', () => {
  const text = terminalReport(result);

  it('says what was run, a line a target, and the verdict', () => {
    expect(text).toMatch(/^keras_convnet on synthetic, 180 \u00d7 180, batch 32, 3 epochs, seed 1001, 2 threads\n\n/);
    expect(text).toMatch(/cpu\/avx2\/deterministic {5}2 {13}1 /);
    expect(text).toMatch(/cpu\/avx2\/atomic {12}2 {13}2 {9}differ/);
    expect(text).toContain('cpu/avx2/deterministic: Both runs ended in the same 991,041 weights');
  });

  it('sets columns flush', () => {
    expect(
      columns([
        ['a', 'long'],
        ['word', '1'],
      ]),
    ).toBe('a     long\nword     1');
  });
});

describe('the price in words', () => {
  const priced = (low: number, high: number) =>
    priceSentence({
      ...{ deterministic: 'd', atomic: 'a' },
      stepTime: { estimate: 1.01, least: 0.9, largest: 1.1, interval: { low, high, level: 0.95 } },
    });

  it('says when no difference can be told', () => {
    expect(priced(0.99, 1.03)).toContain('no difference can be told');
    expect(priced(1.004, 1.02)).not.toContain('no difference');
  });

  it('gives the range of single runs where they are too few for an interval', () => {
    expect(priceSentence(result.price!)).toBe(
      'A deterministic training step took 1.017 times as long as an atomic one (between two single runs 0.992 to 1.043; an interval takes 8 runs in each mode).',
    );
  });
});

describe('tables as files', () => {
  const rows = (csv: string) => csv.trimEnd().split('\r\n').length - 1;

  it('have a row a run, a row a run and epoch, a row a target, epoch and layer with all weights', () => {
    const tables = [runsTable(result), epochsTable(result), divergenceTable(result)];
    expect(tables.map(tableCsv).map(rows)).toEqual([4, 12, 42]);
  });

  it('have a row a target, kept step and layer, a row a pair of runs, and the growth of each layer', () => {
    const kept = sampleResult({ epochs: 2, runs: 3, kept: [1, 2, 4, 5] });
    expect([stepsTable(kept), stepPairsTable(kept)].map(tableCsv).map(rows)).toEqual([2 * 4 * 7, 2 * 4 * 3]);
    const { rows: steps } = JSON.parse(tableJson(stepsTable(kept))) as { rows: { target: string; l2: number }[] };
    const of = (mode: string) => steps.filter(({ target }) => target === `cpu/avx2/${mode}`).map(({ l2 }) => l2);
    expect(of('deterministic').every((l2) => l2 === 0)).toBe(true);
    expect(of('atomic').filter((l2) => l2 > 0)).toHaveLength(3 * 7);
    const target = kept.targets['cpu/avx2/atomic']!;
    const table = stepGrowthTable('keras_convnet', target, target.divergence.steps!);
    expect(table.rows.at(-1)!.slice(0, 2)).toEqual(['all weights', 2]);
    expect(table.rows.at(-1)![2]).toBeCloseTo(10, 6);
  });

  it('keep every digit', () => {
    const loss = result.targets['cpu/avx2/atomic']!.runs[1]!.epochs[2]!.loss;
    const line = tableCsv(epochsTable(result))
      .split('\r\n')
      .find((row) => row.startsWith('cpu/avx2/atomic,2,3,'))!;
    expect(Number(line.split(',')[3])).toBe(loss);
    const json = JSON.parse(tableJson(epochsTable(result))) as { rows: object[] };
    expect(json.rows.at(-1)).toMatchObject({ target: 'cpu/avx2/atomic', run: 2, epoch: 3, loss });
  });

  it('quote what would break a row, and leave unknown values empty', () => {
    const odd = sampleResult({ epochs: 1, runs: 2, layers: ['a,"b"'], validated: false });
    expect(tableCsv(divergenceTable(odd))).toContain('"a,""b"""');
    odd.targets['cpu/avx2/atomic']!.runs[1]!.epochs[0]!.loss = null;
    expect(tableCsv(epochsTable(odd))).toMatch(/\ncpu\/avx2\/atomic,2,1,,0\.\d+,/);
  });

  it('are read back as they were by a reader of CSV', () => {
    const table: DataTable = {
      name: 'odd',
      caption: 'odd',
      columns: [
        { name: 'a', title: 'A' },
        { name: 'b', title: 'B' },
      ],
      rows: [
        ['x,"y"\nz', 0.1 + 0.2],
        ['', null],
      ],
    };
    expect(parse(tableCsv(table), { columns: true })).toEqual([
      { a: 'x,"y"\nz', b: '0.30000000000000004' },
      { a: '', b: '' },
    ]);
  });
});

describe('the table of threads', () => {
  it('has a row a number of threads, and says when bits differ', () => {
    const threaded = sampleResult({ epochs: 2, runs: 2, threadCounts: [1] });
    const same = (table: DataTable | null) =>
      table!.rows.map((row) => [row[0], row[table!.columns.findIndex(({ name }) => name === 'sameBits')]]);
    expect(same(threadsTable(threaded))).toEqual([
      [1, true],
      [2, true],
    ]);
    threaded.threadRuns[0]!.weightsHash = `sha256:${'0'.repeat(64)}`;
    expect(same(threadsTable(threaded))).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(threadsTable(result)).toBeNull();
  });
});

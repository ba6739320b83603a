import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  columns,
  divergenceCsv,
  epochsCsv,
  priceSentence,
  runsCsv,
  terminalReport,
  writeReport,
} from '../../../lib/reports/index.js';
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
    priceSentence({ deterministic: 'd', atomic: 'a', stepTime: { estimate: 1.01, low, high, level: 0.95 } });

  it('says when no difference can be told', () => {
    expect(priced(0.99, 1.03)).toContain('no difference can be told');
    expect(priced(1.004, 1.02)).not.toContain('no difference');
  });
});

describe('tables as CSV', () => {
  it('have a row a run, a row a run and epoch, a row a target, epoch and layer', () => {
    const rows = (csv: string) => csv.trimEnd().split('\r\n').length - 1;
    expect([runsCsv(result), epochsCsv(result), divergenceCsv(result)].map(rows)).toEqual([4, 12, 36]);
  });

  it('keep every digit', () => {
    const loss = result.targets['cpu/avx2/atomic']!.runs[1]!.epochs[2]!.loss;
    const line = epochsCsv(result)
      .split('\r\n')
      .find((row) => row.startsWith('cpu/avx2/atomic,2,3,'))!;
    expect(Number(line.split(',')[3])).toBe(loss);
  });

  it('quote what would break a row, and leave unknown values empty', () => {
    const odd = sampleResult({ epochs: 1, runs: 2, layers: ['a,"b"'], validated: false });
    expect(divergenceCsv(odd)).toContain('"a,""b"""');
    expect(epochsCsv(odd)).toMatch(/,,,/);
  });
});

describe('the files of a report', () => {
  it('are the page and three tables, and nothing half-written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samebits-report-'));
    await writeReport(result, folder);
    expect(readdirSync(folder).sort()).toEqual(['divergence.csv', 'epochs.csv', 'report.html', 'runs.csv']);
    rmSync(folder, { recursive: true });
  });

  it('cannot be written below a file, and the error says so', async () => {
    await expect(writeReport(result, '/dev/null/report')).rejects.toThrow(
      "write: expected to be able to write '/dev/null/report/report.html', got ENOTDIR: not a directory",
    );
  });
});

// The files beside the pages: figures, tables and TensorBoard events, read back by readers that share no code with the
// writers.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventFiles } from '../../../lib/reports/files/events.js';
import { reportOf, writeResultReport } from '../../../lib/reports/index.js';
import { readEvents } from '../../support/event_records.js';
import { sampleResult } from '../../support/result.js';

const result = sampleResult({ epochs: 3, runs: 2, threadCounts: [1], kept: [1, 2, 4] });
const reported = [{ result, folder: '' }];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-report-'));
  await writeResultReport(reported, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a report in its folder', () => {
  it('is five pages and three folders, and nothing half-written', () => {
    expect(readdirSync(folder).sort()).toEqual([
      ...['divergence.html', 'explanations.html', 'figures', 'price.html', 'report.html', 'statistics.html', 'tables'],
      'tensorboard',
    ]);
    const all = readdirSync(folder, { recursive: true }).map(String);
    expect(all.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('has every table as CSV, JSON and LaTeX, with as many rows in each', async () => {
    const { book } = await reportOf(reported);
    const names = [...book.tables.keys()].flatMap((name) => [`${name}.csv`, `${name}.json`, `${name}.tex`]);
    expect(readdirSync(join(folder, 'tables')).sort()).toEqual(names.sort());
    expect(names.length).toBeGreaterThan(30);
    for (const [name, { rows }] of book.tables) {
      const { rows: written } = JSON.parse(readFileSync(join(folder, 'tables', `${name}.json`), 'utf8'));
      expect(written).toHaveLength(rows.length);
      const latex = readFileSync(join(folder, 'tables', `${name}.tex`), 'utf8');
      expect(latex.match(/ \\\\$/gm)).toHaveLength(rows.length + 1);
    }
  });

  it('has every figure as SVG, PNG and PDF, the first two of which others draw without anything from the page', async () => {
    const { book } = await reportOf(reported);
    const names = [...book.figures.keys()];
    expect(readdirSync(join(folder, 'figures'))).toHaveLength(3 * names.length);
    for (const name of names) {
      const svg = readFileSync(join(folder, 'figures', `${name}.svg`), 'utf8');
      expect(svg).not.toMatch(/var\(|<script|href=/);
      const { width, height } = await sharp(Buffer.from(svg)).metadata();
      const png = await sharp(join(folder, 'figures', `${name}.png`)).stats();
      const size = await sharp(join(folder, 'figures', `${name}.png`)).metadata();
      expect([size.width, size.height]).toEqual([2 * width, 2 * height]);
      // A picture of one colour would be an empty figure.
      expect(Math.max(...png.channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(1);
    }
  });

  it('is the same bytes for the same result', async () => {
    const other = mkdtempSync(join(tmpdir(), 'samebits-report-'));
    await writeResultReport(reported, other);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      expect(readFileSync(path.replace(folder, other)).equals(readFileSync(path))).toBe(true);
    }
    rmSync(other, { recursive: true });
  });

  it('cannot be written below a file, and the error says so', async () => {
    await expect(writeResultReport(reported, '/dev/null/report')).rejects.toThrow(
      /^write: expected to be able to write '\/dev\/null\/report\/tables\/.*', got ENOTDIR: not a directory$/,
    );
  });
});

describe('event files', () => {
  it('are a folder a run, and one a target for the distances', () => {
    expect(eventFiles(reported[0]!).map(({ path }) => path.split('/').slice(0, 2).join('/'))).toEqual([
      ...['keras_convnet/deterministic-1', 'keras_convnet/deterministic-2', 'keras_convnet/deterministic-divergence'],
      ...['keras_convnet/atomic-1', 'keras_convnet/atomic-2', 'keras_convnet/atomic-divergence'],
    ]);
  });

  it('begin with their version and hold each value of each curve', () => {
    const file = eventFiles(reported[0]!).find(({ path }) => path.startsWith('keras_convnet/atomic-2/'))!;
    const [version, ...events] = readEvents(file.bytes);
    const start = Date.parse(result.startedAt) / 1000;
    expect(version).toEqual({ wallTime: start, fileVersion: 'brain.Event:2' });
    const run = result.targets['cpu/avx2/atomic']!.runs[1]!;
    const found = events.map(({ step, summary }) => [step, summary!.value[0]!.tag, summary!.value[0]!.simpleValue]);
    expect(found).toEqual(
      run.epochs.flatMap(({ epoch, loss, accuracy, valLoss, valAccuracy }) => [
        [epoch, 'loss', Math.fround(loss!)],
        [epoch, 'accuracy', Math.fround(accuracy as number)],
        [epoch, 'validation/loss', Math.fround(valLoss!)],
        [epoch, 'validation/accuracy', Math.fround(valAccuracy as number)],
      ]),
    );
    expect(events.at(-1)!.wallTime).toBeCloseTo(start + run.epochs.reduce((sum, { seconds }) => sum + seconds, 0), 6);
  });

  it('hold the distance after each kept step, 0 in deterministic mode', () => {
    const curve = (mode: string) => {
      const path = `keras_convnet/${mode}-divergence/`;
      const file = eventFiles(reported[0]!).find((one) => one.path.startsWith(path))!;
      const values = readEvents(file.bytes).flatMap(({ step, summary }) =>
        (summary?.value ?? []).map(({ tag, simpleValue = 0 }) => ({ tag, at: [step, simpleValue] })),
      );
      return values.filter(({ tag }) => tag === 'divergence-steps/l2').map(({ at }) => at);
    };
    expect(curve('deterministic')).toEqual([1, 2, 4].map((step) => [step, 0]));
    expect(curve('atomic')).toEqual(
      [1, 2, 4].map((step, i) => [step, i === 0 ? 0 : Math.fround(6e-9 * 10 ** (step - 1))]),
    );
  });

  it('would not be read with a byte changed', () => {
    const bytes = Buffer.from(eventFiles(reported[0]!)[0]!.bytes);
    bytes[bytes.length - 7]! ^= 1;
    expect(() => readEvents(bytes)).toThrow('wrong checksum at byte');
  });
});

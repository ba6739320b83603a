// `samebits count`: a network that learnt which pixels are bright counts what is there, and the command says so in text, JSON, CSV
// and pictures; and what cannot be counted is refused.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root as checkout } from '../architecture/sources.js';
import { put } from '../data/pictures.js';
import { samebits } from '../support/cli.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-count-'));
afterAll(() => rmSync(root, { recursive: true }));

const side = 8;
/** Squares of one to four pixels at fixed places; picture i has the first i + 1 of them. The first touches the left edge. */
const squares = [
  { row: 3, column: 0, size: 2 },
  { row: 0, column: 3, size: 1 },
  { row: 4, column: 4, size: 2 },
  { row: 1, column: 6, size: 1 },
];

const png = (values: readonly number[]) =>
  sharp(Uint8Array.from(values), { raw: { height: side, width: side, channels: 1 } })
    .png()
    .toBuffer();

function maskOf(count: number): number[] {
  const mask = Array.from({ length: side * side }, () => 0);
  for (const { row, column, size } of squares.slice(0, count)) {
    for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) mask[(row + r) * side + column + c] = 255;
  }
  return mask;
}

const run = (...args: string[]) => {
  const { code, stdout, stderr } = samebits(args, { SAMEBITS_CACHE: path.join(root, 'cache') }, root);
  expect(code, stderr).toBe(0);
  return stdout;
};

beforeAll(async () => {
  for (const split of ['train', 'validation']) {
    for (let count = 1; count <= 4; count++) {
      const mask = maskOf(count);
      put(path.join(root, 'cells', split), {
        [`images/${count}.png`]: await png(mask.map((value, i) => (value === 0 ? 20 + (i % 5) : 200 - (i % 7)))),
        [`masks/${count}.png`]: await png(mask),
      });
    }
  }
  const lines = [
    "import { defineModel, layers, sequential } from 'samebits';",
    'export default defineModel({ name: "bright", optimizer: "adam:learningRate=0.1", build: ({ sampleShape, classes }) => sequential([',
    'layers.input({ shape: sampleShape }), layers.rescaling({ scale: 1 / 255 }),',
    'layers.conv2d({ filters: classes, kernelSize: 1, activation: "softmax" })]) });',
  ];
  writeFileSync(path.join(root, 'bright.mjs'), lines.join('\n'));
  mkdirSync(path.join(root, 'node_modules'));
  symlinkSync(checkout, path.join(root, 'node_modules', 'samebits'), 'dir');
  const asked = ['--data', 'masks:cells', '--image-size', '8', '--data-option', 'channels=1', '--batch-size', '2'];
  run('train', '--model', './bright.mjs', ...asked, '--epochs', '60', '--out', 'run');
}, 120_000);

describe('samebits count', () => {
  it('counts all objects of pictures in which all pixels are found', () => {
    const [total] = JSON.parse(run('count', '--run', 'run', '--json')).runs;
    const whole = { errorRate: 0, dice: 1, precision: 1, recall: 1, f1: 1 };
    expect(total.total).toEqual({
      truth: 10,
      predicted: 10,
      matched: 10,
      truthPixels: 28,
      predictedPixels: 28,
      bothPixels: 28,
      ...whole,
    });
    expect(total.pictures.map(({ truth }: { truth: number }) => truth)).toEqual([1, 2, 3, 4]);
  });

  it('removes small ones of what was predicted and excludes on both sides', () => {
    const counts = JSON.parse(run('count', '--run', 'run', '--min-area', '2', '--exclude', 'left,bottom', '--json'));
    expect(counts).toMatchObject({
      threshold: 127,
      minArea: 2,
      connectivity: 8,
      exclude: ['left', 'bottom'],
      iou: 0.5,
      class: 'object',
    });
    // Of the true ones the first square touches the left edge; of the predicted ones the single pixels are gone too.
    expect(counts.runs[0].total).toMatchObject({ truth: 6, predicted: 2, matched: 2, recall: 2 / 6, precision: 1 });
    expect(counts.runs[0].total.errorRate).toBeCloseTo(400 / 6, 12);
  });

  it('says it in text, and writes tables and pictures', () => {
    const told = run('count', '--run', 'run', '--run', 'run', '--out', 'counted', '--pictures', '2');
    expect(told).toContain(
      'object in 4 validation pictures: probability * 255 > 127, 8 neighbours, area >= 0, exclusion lines none, matched from IoU 0.5',
    );
    expect(told.split('\n').filter((line) => line.startsWith('run '))).toEqual([
      'run  true  counted  matched  error rate (%)   Dice  precision  recall     F1',
      ...[0, 1].map(() => 'run    10       10       10            0.00  1.000      1.000   1.000  1.000'),
    ]);
    const pictures = [1, 2].flatMap((one) => [1, 2].map((i) => `run-${one}-picture-000${i}.png`));
    expect(readdirSync(path.join(root, 'counted')).sort()).toEqual([
      ...['counts.csv', 'counts.json', 'figures', ...pictures, 'tables'],
    ]);
    const lines = readFileSync(path.join(root, 'counted', 'counts.csv'), 'utf8').split('\r\n');
    expect(lines.slice(0, 3)).toEqual([
      'run,picture,truth,predicted,matched,errorRate,dice,precision,recall,f1',
      'run,images/1.png,1,1,1,0,1,1,1,1',
      'run,images/2.png,2,2,2,0,1,1,1,1',
    ]);
  });

  it('draws the picture, the mask, and what counts, with the lines of exclusion', async () => {
    run('count', '--run', 'run', '--exclude', 'left', '--out', 'drawn', '--pictures', '1');
    const file = path.join(root, 'drawn', 'run-1-picture-0001.png');
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.height, info.width]).toEqual([side, 3 * side + 8]);
    const at = (panel: number, row: number, column: number) => {
      const from = (row * info.width + panel * (side + 4) + column) * 3;
      return [...data.subarray(from, from + 3)];
    };
    expect([at(0, 1, 0), at(0, 1, 7)]).toEqual([
      [220, 0, 0],
      [0, 170, 0],
    ]);
    // The only object touches the line: it is in the mask, and grey in what counts.
    expect([at(1, 3, 1), at(2, 3, 1), at(2, 5, 1)]).toEqual([
      [255, 255, 255],
      [150, 150, 150],
      [0, 0, 0],
    ]);
  });

  it.each([
    [['count'], '--run: expected a value, got none'],
    [
      ['count', '--run', 'run', '--exclude', 'north'],
      "--exclude: expected one of left, right, top, bottom, got 'north'",
    ],
    [
      ['count', '--run', 'run', '--class', 'cell'],
      "countRuns: expected class to be one of background (0), object (1), got 'cell'",
    ],
    [['count', '--run', 'run', '--split', 'test'], 'countRuns: expected data with test samples, got none'],
    [['count', '--run', 'run', '--threshold', '256'], "--threshold: expected a number from 0 to 255, got '256'"],
    [
      ['count', '--run', 'run', '--data', 'synthetic', '--split', 'train'],
      "openDataset: expected no channels beside source 'synthetic', got 1",
    ],
  ])('%o is refused', (args, message) => {
    const { code, stderr } = samebits(args, { SAMEBITS_CACHE: path.join(root, 'cache') }, root);
    expect([code === 0, stderr.trimEnd()]).toEqual([false, `samebits: ${message}`]);
  });
});

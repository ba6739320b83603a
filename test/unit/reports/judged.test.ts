// What runs came to, judged by the same samples: the table, and boxes whose edges are the quartiles of the rings.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Counts, type EvaluatedRun, writeCounts, writeEvaluation } from '../../../lib/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-judged-'));
afterAll(() => rmSync(folder, { recursive: true }));

const losses = { atomic: [0, 1, 2, 3, 4, 5, 20], deterministic: [2, 2, 2] };
const runs = Object.entries(losses).flatMap(([mode, values]) =>
  values.map(
    (loss, i): EvaluatedRun => ({
      ...{ run: `${mode}-${i + 1}`, model: 'lenet5', target: `cpu/scalar/${mode}`, seed: 3, weightsHash: 'sha256:00' },
      ...{ measures: { loss }, errors: null, confusion: null },
    }),
  ),
);
const evaluated = { split: 'test', samples: 9, classNames: [], dataHash: 'sha256:11', runs } as const;

/** Numbers of all that fits, in the order of the file. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((found) => found.slice(1).map(Number));

describe('what several runs were judged to be', () => {
  it('is a row a run, and a box plot a measure, in every form', async () => {
    const out = join(folder, 'evaluation');
    const written = await writeEvaluation({ ...evaluated, runs: [...runs] }, out);
    const forms = ['csv', 'json', 'tex'].map((form) => join(out, 'tables', `evaluation.${form}`));
    expect(written).toEqual([
      ...forms,
      ...['svg', 'png', 'pdf'].map((form) => join(out, 'figures', `evaluation-loss.${form}`)),
    ]);
    const lines = readFileSync(forms[0]!, 'utf8').split('\r\n');
    expect(lines.slice(0, 2)).toEqual(['run,target,seed,weightsHash,loss', 'atomic-1,cpu/scalar/atomic,3,sha256:00,0']);
    expect(lines).toHaveLength(runs.length + 2);
  });

  it('has boxes from the first to the third quartile, and whiskers to the furthest run within 1.5 lengths', () => {
    const svg = readFileSync(join(folder, 'evaluation', 'figures', 'evaluation-loss.svg'), 'utf8');
    const rings = all(svg, /<path transform="translate\(([\d.]+),[\d.]+\)" d="M3/g).map(([x]) => x!);
    expect(rings).toHaveLength(runs.length);
    const [zero, one] = rings as [number, number];
    const placed = (x: number) => (x - zero) / (one - zero);
    expect(rings.map(placed)).toEqual(Object.values(losses).flat());
    const boxes = all(svg, /d="M([\d.]+),[\d.]+h([\d.]+)v30h-?[\d.]+Z" fill="#\w+" fill-opacity/g);
    expect(boxes.map(([x, length]) => [placed(x!), placed(x! + length!)])).toEqual([
      [1.5, 4.5],
      [2, 2],
    ]);
    const medians = all(svg, /d="M([\d.]+),[\d.]+h2\.5v30h-2\.5Z"/g);
    expect(medians.map(([x]) => placed(x! + 1.25))).toEqual([3, 2]);
    const ends = all(svg, /d="M([\d.]+),[\d.]+h1v16h-1Z"/g);
    expect(ends.map(([x]) => placed(x! + 0.5))).toEqual([0, 5, 2, 2]);
  });

  it('has the colour of its mode in every mark', () => {
    const svg = readFileSync(join(folder, 'evaluation', 'figures', 'evaluation-loss.svg'), 'utf8');
    const colours = [...svg.matchAll(/role-mark.*?(?=<g class="mark|$)/g)].flatMap(([marks]) => [
      ...marks.matchAll(/(?:fill|stroke)="(#\w+)"/g),
    ]);
    expect(new Set(colours.map(([, colour]) => colour))).toEqual(new Set(['#bb5216', '#1d5fa6']));
  });

  it('has no figure of one run alone', async () => {
    const out = join(folder, 'one');
    await writeEvaluation({ ...evaluated, runs: [runs[0]!] }, out);
    expect(readdirSync(out)).toEqual(['tables']);
  });

  it('of counts is what all pictures of a run came to; a measure without a value is empty, and in no box', async () => {
    const total = { truth: 4, predicted: 2, matched: 2, truthPixels: 9, predictedPixels: 5, bothPixels: 5 };
    const none = { errorRate: null, dice: null, precision: null, recall: null, f1: null };
    const measures = { errorRate: 50, dice: 0.7, precision: 1, recall: 0.5, f1: 2 / 3 };
    const counts: Counts = {
      ...{ split: 'test', class: 'object', threshold: 127, minArea: 0, connectivity: 8, exclude: [], iou: 0.5 },
      dataHash: 'sha256:11',
      runs: [measures, measures, none].map((of, i) => ({
        ...{ run: `run-${i}`, model: 'unet', target: 'cpu/scalar/atomic', seed: 1, weightsHash: 'sha256:00' },
        pictures: [],
        total: { ...total, ...of },
      })),
    };
    const out = join(folder, 'counts');
    await writeCounts(counts, out);
    const lines = readFileSync(join(out, 'tables', 'counts-by-run.csv'), 'utf8').split('\r\n');
    expect(lines[1]).toBe(`run-0,cpu/scalar/atomic,1,sha256:00,4,2,2,50,0.7,1,0.5,${2 / 3}`);
    expect(lines[3]).toBe('run-2,cpu/scalar/atomic,1,sha256:00,4,2,2,,,,,');
    const svg = readFileSync(join(out, 'figures', 'counts-by-run-dice.svg'), 'utf8');
    expect(all(svg, /<path transform="translate\(([\d.]+),[\d.]+\)" d="M3/g)).toHaveLength(2);
  });
});

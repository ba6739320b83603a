// No table that is written holds a formula made of a stranger's names: layers, classes, pictures, folders, sources.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attribution } from '../../../lib/attribution/index.js';
import { type PairsResult, summariesOf } from '../../../lib/explain/pairs.js';
import { readPairs } from '../../../lib/explain/pairs_file.js';
import { csvFile, csvText } from '../../../lib/files/index.js';
import {
  attributionCsv,
  attributionGrowthCsv,
  explanationsCsv,
  pairsAgreementCsv,
  pairsCsv,
  pairsSummaryCsv,
  stabilityCsv,
  writeResultReport,
} from '../../../lib/reports/index.js';
import { picture } from '../../data/pictures.js';
import { formulaCells, strangeName } from '../../support/formulas.js';
import { explainedOf, sampleResult } from '../../support/result.js';

const nextName = (() => {
  const beginnings = ['=', '+', '-', '@', '\t', '\r', '\n', "'=", '\uff1d', 'x;='];
  const drawn = fc.sample(strangeName, { seed: 23, numRuns: 500 });
  let count = 0;
  return () => `${beginnings[count % beginnings.length]}${drawn[count++]}`;
})();

/** The cells of a file as they were before they were guarded. */
const textsOf = (csv: string) => (parse(csv) as string[][]).flat().map(csvText);

/** An attribution with one source of this name. */
function attributionOf(name: string): Attribution {
  const growth = { rate: null, factor: null, firstApart: null };
  const place = { step: 1, l2: 0.5, maxUlp: 3, meanUlp: 1, differing: 0.5 };
  const run = { seed: 1, weightsHash: 'sha256:0', places: [place], growth, differingBits: 0, cosineSimilarity: -0.5 };
  const source = { rank: 1, kind: 'kernel', name, runs: [{ ...run, differingPredictions: 0 }] };
  return { sources: [source], predicted: { pictures: 2, of: 'train' } } as unknown as Attribution;
}

function pairsOf(file: string, name: string, run: string): PairsResult {
  const finding = { run: 1, class: name, side: 'left' as const, probability: 0.5, ownShare: 0.5, heatHash: 'sha256:0' };
  const pictures = [{ row: 1, file, left: name, right: 'y', findings: [{ ...finding, onOwnHalf: null }] }];
  const runs = [{ run, model: 'm', target: 't', seed: 1, weightsHash: 'w', layer: 'l', score: 'logit' as const }];
  const measures = { pearson: -0.5, ssim: -0.5, hottestOverlap: null, centreShift: null };
  const agreement = [{ runs: [1, 1] as [number, number], explanations: 1, sameBits: 1, sameVerdict: 1, ...measures }];
  return { list: 'l', classes: [name], runs, pictures, summary: summariesOf(pictures, 1, [name]), agreement };
}

describe('names that spreadsheets would compute', () => {
  it('are guarded in every table of a report', async () => {
    const layers = Array.from({ length: 12 }, nextName);
    const result = sampleResult({ epochs: 2, runs: 2, layers, kept: [1, 2, 4], explained: true, threadCounts: [1] });
    for (const picture of result.explained!.pictures) {
      picture.name = nextName();
      picture.explanations.class = nextName();
      for (const run of picture.explanations.runs) for (const one of run.predictions) one.class = nextName();
    }
    const names = result.explained!.pictures.map(({ name }) => name);
    const folder = mkdtempSync(join(tmpdir(), 'samebits-formulas-'));
    await writeResultReport([{ result, folder: '' }], folder);
    const files = readdirSync(join(folder, 'tables')).filter((file) => file.endsWith('.csv'));
    const csv = new Map(files.map((file) => [file, readFileSync(join(folder, 'tables', file), 'utf8')]));
    rmSync(folder, { recursive: true });
    expect([...csv].filter(([, text]) => formulaCells(text).length > 0)).toEqual([]);
    expect(textsOf(csv.get('keras_convnet-divergence.csv')!)).toEqual(expect.arrayContaining(layers));
    expect(textsOf(csv.get('keras_convnet-heat.csv')!)).toEqual(expect.arrayContaining(names));
    // The growth and the spread of each layer stand in tables of their own.
    expect(textsOf(csv.get('keras_convnet-atomic-step-growth.csv')!)).toEqual(expect.arrayContaining(layers));
  });

  it('are guarded in what attribute and gradcam write: drawn names, seed 23', () => {
    for (let turn = 0; turn < 100; turn += 1) {
      const [one, two, three] = [nextName(), nextName(), nextName()] as const;
      const { runs, pictures } = explainedOf([
        { target: 'cpu/avx2/atomic', run: 1 },
        { target: 'cpu/avx2/atomic', run: 2 },
      ]);
      const { explanations } = pictures[0]!;
      Object.assign(explanations, { class: one, image: { ...explanations.image, path: two } });
      for (const run of explanations.runs) Object.assign(run, { run: three });
      const pairs = pairsOf(one, two, three);
      expect(runs).toHaveLength(2);
      const written = [
        { csv: attributionCsv(attributionOf(one)), names: [one] },
        { csv: attributionGrowthCsv(attributionOf(one)), names: [one] },
        { csv: explanationsCsv(explanations), names: [one, two, three] },
        { csv: stabilityCsv(explanations), names: [three] },
        { csv: pairsCsv(pairs), names: [one, two, three] },
        { csv: pairsSummaryCsv(pairs), names: [two, three] },
        { csv: pairsAgreementCsv(pairs), names: [three] },
      ];
      for (const { csv, names } of written) {
        expect(formulaCells(csv)).toEqual([]);
        expect(textsOf(csv)).toEqual(expect.arrayContaining(names));
      }
    }
  });

  it('are taken back from a list that was written with the guard, or without', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samebits-formulas-'));
    await picture(3, 90, 110).toFile(join(folder, '=one.png'));
    const list = join(folder, 'list.csv');
    const row = ['=one.png', '-cats', '+dogs'];
    const head = ['file', 'left', 'right'];
    for (const written of [csvFile(head, [row]), `${head}\n${row}\n`]) {
      writeFileSync(list, written);
      expect(await readPairs(list, ['-cats', '+dogs'])).toEqual([
        { row: 1, file: '=one.png', path: join(folder, '=one.png'), left: 0, right: 1 },
      ]);
    }
    rmSync(folder, { recursive: true });
  });
});

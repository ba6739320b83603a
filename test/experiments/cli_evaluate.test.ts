// `samebits evaluate`: trainings judged by samples that they never saw, in text and JSON; and what cannot be judged is refused.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpz } from '../../lib/formats/index.js';
import { root as checkout } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const root = mkdtempSync(path.join(tmpdir(), 'samebits-evaluate-'));
afterAll(() => rmSync(root, { recursive: true }));

const environment = { SAMEBITS_CACHE: path.join(root, 'cache') };
const run = (...args: string[]) => {
  const { code, stdout, stderr } = samebits(args, environment, root);
  expect(code, stderr).toBe(0);
  return stdout;
};

const words = (name: string, values: readonly number[]) => ({
  ...{ name, shape: [values.length], dtype: 'I64' as const },
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
/** Samples of three numbers; that of class k has its largest at k. */
const samples = (name: string, classes: readonly number[]) => ({
  ...{ name, shape: [classes.length, 3], dtype: 'U8' as const },
  bytes: Uint8Array.from(
    classes.flatMap((label, i) => [0, 1, 2].map((at) => (at === label ? 200 + (i % 9) : (i * 7 + at) % 90))),
  ),
});
const learned = Array.from({ length: 60 }, (_, i) => i % 3);
const judged = [0, 1, 2, 0, 1, 2, 0];
/** Test labels of which two say another class than the sample shows. */
const told = [0, 1, 2, 1, 1, 0, 0];

beforeAll(() => {
  const arrays = [
    samples('x_train', learned),
    words('y_train', learned),
    samples('x_test', judged),
    words('y_test', told),
  ];
  writeFileSync(path.join(root, 'three.npz'), encodeNpz(arrays));
  const lines = [
    "import { defineModel, layers, sequential } from 'samebits';",
    'export default defineModel({ name: "linear", optimizer: "adam:learningRate=0.1", build: ({ sampleShape, classes }) => sequential([',
    'layers.input({ shape: sampleShape }), layers.rescaling({ scale: 1 / 255 }), layers.dense({ units: classes, activation: "softmax" })]) });',
  ];
  writeFileSync(path.join(root, 'linear.mjs'), lines.join('\n'));
  mkdirSync(path.join(root, 'node_modules'));
  symlinkSync(checkout, path.join(root, 'node_modules', 'samebits'), 'dir');
  const asked = ['--model', './linear.mjs', '--data', 'npz:three.npz', '--epochs', '20', '--batch-size', '8'];
  run('train', ...asked, '--validation-samples', '12', '--out', 'held');
  run('train', ...asked, '--out', 'whole');
}, 120_000);

describe('samebits evaluate', () => {
  it('writes what it found, with a box plot of each measure by mode, into a folder', () => {
    const told = run('evaluate', '--run', 'held', '--run', 'whole', '--out', 'judged');
    expect(told).toContain('7 test samples');
    const files = readdirSync(path.join(root, 'judged'), { recursive: true }).map(String);
    const figures = ['accuracy', 'errors', 'loss'].flatMap((of) =>
      ['pdf', 'png', 'svg'].map((form) => `figures/evaluation-${of}.${form}`),
    );
    const tables = ['csv', 'json', 'tex'].map((form) => `tables/evaluation.${form}`);
    expect(files.sort()).toEqual(['evaluation.json', 'figures', ...figures, 'tables', ...tables]);
    const { runs } = JSON.parse(readFileSync(path.join(root, 'judged', 'evaluation.json'), 'utf8'));
    expect(runs.map(({ errors }: { errors: number }) => errors)).toHaveLength(2);
  });

  it('tells loss, metrics, errors and which class was taken for which', () => {
    const evaluated = JSON.parse(run('evaluate', '--run', 'held', '--json'));
    expect(evaluated).toMatchObject({ split: 'test', samples: 7, classNames: ['0', '1', '2'] });
    const [{ measures, errors, confusion }] = evaluated.runs;
    expect([errors, measures.accuracy]).toEqual([2, 5 / 7]);
    expect(confusion).toEqual([
      [2, 0, 1],
      [1, 2, 0],
      [0, 0, 1],
    ]);
    expect(measures.loss).toBeGreaterThan(0);
  });

  it('prints a line a run, whatever the batches are', () => {
    const lines = run('evaluate', '--run', 'held', '--run', 'held', '--batch-size', '2').trimEnd().split('\n');
    expect(lines[0]).toMatch(/^7 test samples of sha256:[0-9a-f]{64}$/);
    expect(lines[2]).toMatch(/^run {2,}loss {2,}accuracy {2}errors$/);
    expect(lines.slice(3).map((line) => line.split(/\s{2,}/).slice(2))).toEqual([
      ['71.43 %', '2'],
      ['71.43 %', '2'],
    ]);
  });

  it('judges by the split that is named, which has to be there', () => {
    const whole = JSON.parse(run('evaluate', '--run', 'whole', '--split', 'validation', '--json'));
    expect([whole.samples, whole.runs[0].errors]).toEqual([7, 2]);
    const { code, stderr } = samebits(['evaluate', '--run', 'whole'], environment, root);
    expect([code === 0, stderr.trimEnd()]).toEqual([
      false,
      'samebits: evaluateRuns: expected data with test samples, got none; hold samples out (validationSamples, validationFraction), or name another split',
    ]);
  });

  it('judges networks whose first layer takes no bytes', () => {
    const lines = [
      "import { defineModel, layers, sequential } from 'samebits';",
      'export default defineModel({ name: "plain", optimizer: "sgd:learningRate=0.001", build: ({ sampleShape, classes }) => sequential([',
      'layers.input({ shape: sampleShape }), layers.dense({ units: classes, activation: "softmax" })]) });',
    ];
    writeFileSync(path.join(root, 'plain.mjs'), lines.join('\n'));
    run('train', '--model', './plain.mjs', '--data', 'npz:three.npz', '--epochs', '1', '--out', 'plain');
    const { runs } = JSON.parse(run('evaluate', '--run', 'plain', '--split', 'validation', '--json'));
    expect(runs[0].confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(7);
  });

  it('is refused without a run', () => {
    expect(samebits(['evaluate'], environment, root).stderr).toBe('samebits: --run: expected a value, got none\n');
  });
});

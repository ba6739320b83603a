// Bad input with a network and data of one's own: each is one error that names file and member, before any work; no folder is
// left. Hashes of modules are held in cli_bound.test.ts, failing modules one by one in test/unit/tasks/modules.test.ts.

import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

const net = (units: number, more = '') => `import { defineModel, layers, sequential } from 'samebits';
const { dense, input } = layers;
export default defineModel({
  name: 'net',
  build: ({ sampleShape }) => sequential([input({ shape: sampleShape }), dense({ units: ${units}, activation: 'softmax' })]),${more}
});
`;
const files: Record<string, string> = {
  'net.mjs': net(3),
  'two.mjs': net(2),
  'one.mjs': net(1).replace("'softmax'", "'sigmoid'"),
  'pair.mjs': 'export default { train: { x: [[0, 1], [1, 0]], y: [0, 1] } };\n',
  'throws.mjs': "throw new RangeError('no such digit');\n",
  'bare.mjs': 'export const build = 1;\n',
  'seven.mjs': 'export default 7;\n',
  'points.mjs': 'export default { train: { x: [[0, 1], [1, 0], [1, 1]], y: [0, 1, 2] } };\n',
  'unknown.json': JSON.stringify({
    class_name: 'Sequential',
    config: { name: 'n', layers: [{ class_name: 'Swirl', config: { name: 's' } }] },
  }),
  'lambda.json': JSON.stringify({
    class_name: 'Sequential',
    config: { name: 'n', layers: [{ class_name: 'Lambda', config: { name: 's' } }] },
  }),
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-errors-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'samebits'), 'dir');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = 'name, build, optimizer, loss, lossWeights, metrics, weightedMetrics, schedule, classes';

describe('bad input is one error, and no folder is made', () => {
  it.each<[string, string[], string]>([
    [
      'a module that is not there',
      ['--model', './gone.mjs'],
      "train: expected a module './gone.mjs', got no such file",
    ],
    [
      'a module that throws',
      ['--model', './throws.mjs'],
      "train: expected module './throws.mjs' to load, got RangeError: no such digit",
    ],
    [
      'a module without a default export',
      ['--model', './bare.mjs'],
      "train: expected a default export in module './bare.mjs', got exports 'build'; export default defineModel({ ... })",
    ],
    [
      'a module that gives something else',
      ['--model', './seven.mjs'],
      `train default export of './seven.mjs': expected options ${options}, got 7; give them by name in one object`,
    ],
    [
      'outputs that do not fit the data',
      ['--model', './two.mjs'],
      "train './two.mjs' model 'net': expected a model with outputs for 3 classes, got [2]",
    ],
    [
      'outputs that do not fit the loss',
      ['--model', './one.mjs', '--data', './pair.mjs', '--loss', 'categoricalCrossentropy'],
      'train: expected outputs of two classes or more for categoricalCrossentropy, got [1]; binaryCrossentropy is the loss for one probability',
    ],
    [
      'a config with an unknown class',
      ['--model', 'unknown.json'],
      "train: expected the config of a network in 'unknown.json', got modelFromConfig: expected a layer of a class that is known, got 'Swirl'; one of your own is made known with registry([...])",
    ],
    [
      'a config with code',
      ['--model', 'lambda.json'],
      "train: expected the config of a network in 'lambda.json', got readModelConfig: expected a config without code, got Lambda 's'; nothing that a file brings is run",
    ],
    [
      'settings that exclude each other',
      ['--image-size', '28'],
      "train: expected no imageSize beside data './points.mjs', got 28; only pictures in folders have it",
    ],
    [
      'a schedule beside a rate',
      ['--optimizer', 'sgd:learningRate=0.1', '--schedule', 'polynomialDecay:initialLearningRate=0.1,decaySteps=9'],
      "train: expected no learningRate in optimizer beside a schedule, got 'sgd:learningRate=0.1'",
    ],
  ])('%s', (_what, more, message) => {
    const { code, stderr, stdout } = samebits(
      ['train', '--model', './net.mjs', '--data', './points.mjs', '--epochs', '1', ...more, '--out', 'never'],
      {},
      folder,
    );
    expect(stderr.replace('reading data\n', '')).toBe(`samebits: ${message}\n`);
    expect([code, stdout, existsSync(join(folder, 'never'))]).toEqual([2, '', false]);
  });
});

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest_first.js';

// Rooms whose tests share nothing and start little: their files run in one process after another, which loads lib once and
// not for each of a hundred files. A test that changes what a module holds stands among the others.
const units = [
  ...[
    'addon',
    'audit',
    'autograd',
    'cli',
    'config',
    'data',
    'divergence',
    'energy',
    'experiments',
    'files',
    'layers',
    'lazy',
    'losses',
    'models',
  ],
  ...['ops', 'optimizers', 'progress', 'random', 'reports', 'runs', 'schedules', 'settings', 'stats', 'tensor'],
  ...['studies', 'tensorboard', 'trace'],
];
const claims = ['alignment', 'arrival', 'batch', 'by_sample', 'isa', 'large', 'repeat', 'threads'];
const kernels = ['conformance', 'control', 'drawn_shapes', 'drawn_windows', 'kernels_beside', 'zeros'];
const data = ['augmentation_layers', 'batches', 'damaged', 'digest', 'folders', 'left_out', 'limits', 'many_classes'];
const pictures = ['pixels', 'random_maps', 'splits', 'synthetic'];
const together = [
  `test/unit/{${units}}/**/*.test.ts`,
  'test/{agreement,architecture,contract,explain,golden,gradients,order,public,reference}/*.test.ts',
  `test/data/{${[...data, ...pictures]}}.test.ts`,
  'test/binding/{by_sample,poison,refusals,sources}.test.ts',
  'test/docs/{contract,examples,names}.test.ts',
  'test/models/{keras_convnet,mini_xception}.test.ts',
  `test/conformance/{${kernels}}.test.ts`,
  `test/determinism/{${claims}}.test.ts`,
];
// Puts another module in the place of one, which only a process that has not loaded it yet takes.
const replacing = ['test/gradients/freed.test.ts'];
const alone = ['test/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'together', include: together, exclude: replacing, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone, exclude: together } },
      { extends: true, test: { name: 'replacing', include: replacing } },
    ],
  },
});

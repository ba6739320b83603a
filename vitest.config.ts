import { defineConfig } from 'vitest/config';

// Rooms whose tests share nothing and start little: their files run in one process after another, which loads lib once and
// not for each of a hundred files. A test that changes what a module holds stands among the others.
const rooms = [
  ...['audit', 'autograd', 'cli', 'config', 'divergence', 'experiments', 'layers', 'losses', 'models', 'ops'],
  ...['optimizers', 'random', 'schedules', 'settings', 'stats', 'tensor', 'trace'],
];
const together = [`test/unit/{${rooms}}/**/*.test.ts`];
const alone = ['test/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'together', include: together, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone, exclude: together } },
    ],
  },
});

// The rooms of lib that decide results, smallest first, and the tests that each is tried on (folders and files of test/):
// those that run in this process and say most in least time. Tests that start a child (the command line, a fresh process)
// load dist/ and would see no mutant, so they are not here; what only they see is counted as a survivor.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const rooms = {
  losses: ['unit/losses', 'agreement/losses', 'agreement/keras_crossentropy', 'agreement/keras_losses'],
  metrics: ['unit/metrics', 'agreement/keras_metrics'],
  optimizers: ['unit/optimizers', 'agreement/optimizers'],
  autograd: ['unit/autograd', 'gradients/meeting', 'gradients/waiting'],
  stats: ['unit/stats', 'agreement/scipy'],
  divergence: ['unit/divergence'],
  ops: [
    'unit/ops',
    'unit/layers',
    'unit/losses',
    'agreement/windows',
    'agreement/keras_layers',
    'gradients/waiting',
    'determinism/by_sample',
    'data/augmentation_layers',
    'data/random_maps',
  ],
  layers: ['unit/layers', 'agreement/defaults', 'agreement/layers', 'data/augmentation_layers'],
  models: ['unit/models', 'unit/config', 'unit/tasks', 'models/keras_convnet', 'models/mini_xception'],
  networks: ['models/keras_convnet', 'models/mini_xception', 'models/networks'],
  data: [
    'unit/data',
    'data/batches',
    'data/cache',
    'data/damaged',
    'data/digest',
    'data/folders',
    'data/pixels',
    'data/random_maps',
    'data/synthetic',
  ],
  runs: ['unit/runs/safetensors', 'unit/runs/weights', 'unit/training/train', 'determinism/checkpoint'],
  training: ['unit/training/train', 'determinism/checkpoint'],
  audit: ['unit/audit', 'experiments/verify'],
};

/** The test files, relative to the project, that a source file of lib is tried on. */
export function testsOf(file) {
  return rooms[file.split('/')[1]]
    .flatMap((entry) => {
      const folder = path.join(root, 'test', entry);
      if (!existsSync(folder) || !statSync(folder).isDirectory()) return [`test/${entry}.test.ts`];
      return readdirSync(folder)
        .filter((name) => name.endsWith('.test.ts'))
        .sort()
        .map((name) => `test/${entry}/${name}`);
    })
    .filter((name) => existsSync(path.join(root, name)));
}

// Trains the ConvNet three times in each mode on the embedded pictures, shows the comparison, and fails unless all
// deterministic runs are one bit pattern and the atomic runs are not.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const started = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
const out = path.join(root, 'runs', `demo-${started}`);
const settings = {
  model: 'keras_convnet',
  data: 'synthetic',
  samples: 256,
  'image-size': 180,
  epochs: 3,
  'batch-size': 8,
  seed: 1001,
  threads: 2,
  runs: 3,
  out,
};

const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
const { status } = spawnSync(process.execPath, [path.join(root, 'dist/cli/main.js'), 'compare', ...options], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);

const { targets } = JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8'));
const patterns = (mode) => Object.values(targets).find((target) => target.mode === mode).distinctWeights;
const faults = [];
if (patterns('deterministic') !== 1)
  faults.push(`expected 1 bit pattern in deterministic mode, got ${patterns('deterministic')}`);
if (patterns('atomic') === 1) faults.push('expected more than 1 bit pattern in atomic mode, got 1');
for (const fault of faults) console.error(`demo: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

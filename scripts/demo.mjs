// Trains both networks of the paper three times in each mode on the embedded pictures, and once on one thread, shows the
// comparison, and fails unless all deterministic runs of a network are one bit pattern and the atomic runs are not.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const started = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
const out = path.join(root, 'runs', `demo-${started}`);
const models = ['keras_convnet', 'mini_xception'];
const settings = {
  model: models.join(','),
  data: 'synthetic',
  samples: 128,
  'image-size': 180,
  epochs: 3,
  'batch-size': 8,
  seed: 1001,
  threads: 2,
  runs: 3,
  'thread-counts': 1,
  out,
};

const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
const { status } = spawnSync(process.execPath, [path.join(root, 'dist/cli/main.js'), 'compare', ...options], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);

const faults = models.flatMap((model) => {
  const { targets, threadRuns } = JSON.parse(readFileSync(path.join(out, model, 'result.json'), 'utf8'));
  const of = (mode) => Object.values(targets).find((target) => target.mode === mode);
  const [deterministic, atomic] = [of('deterministic'), of('atomic')];
  const hashes = new Set([...deterministic.runs, ...threadRuns].map(({ weightsHash }) => weightsHash));
  const found = [];
  if (hashes.size !== 1) found.push(`${model}: expected 1 bit pattern in deterministic mode, got ${hashes.size}`);
  if (atomic.distinctWeights === 1) found.push(`${model}: expected more than 1 bit pattern in atomic mode, got 1`);
  return found;
});
for (const fault of faults) console.error(`demo: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

// Trains a small network on the shim's device once for each plan that standard input lists, one JSON array of texts for
// SAMEBITS_SHIM_FAIL, each in a run folder of its own under the folder given; then, with the device well again, goes on with
// what lies there. Prints a JSON line for each: what the first training came to, and the hash and
// the files of the end.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layers, type SamebitsError, sequential, type TrainOptions, train } from '../../lib/index.js';

const [folder] = process.argv.slice(2) as [string];
const plans = JSON.parse(readFileSync(0, 'utf8')) as string[];

const model = join(folder, 'small.json');
const net = sequential([
  layers.input({ shape: [12, 12, 3] }),
  layers.rescaling({ scale: 1 / 255 }),
  layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', useBias: false }),
  layers.batchNormalization(),
  layers.activation({ activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 3, strides: 2 }),
  layers.flatten(),
  layers.dropout({ rate: 0.25 }),
  layers.dense({ units: 1, activation: 'sigmoid' }),
]);
writeFileSync(model, JSON.stringify(net.toJSON()));

const options: TrainOptions = {
  ...{ model, data: 'synthetic', samples: 4, imageSize: 12, epochs: 1, batchSize: 2, seed: 1001 },
  ...{ device: 'cuda', isa: 'auto', mode: 'deterministic', threads: 1, damaged: 'refuse', trace: 'weights' },
};

for (const [i, plan] of plans.entries()) {
  const out = join(folder, `run-${i}`);
  process.env['SAMEBITS_SHIM_FAIL'] = plan;
  const first = await train({ ...options, out }).then(
    ({ weightsHash }) => ({ hash: weightsHash }),
    ({ name, code, message }: SamebitsError) => ({ name, code, message }),
  );
  process.env['SAMEBITS_SHIM_FAIL'] = '';
  const files = existsSync(out) ? readdirSync(out).map(String) : [];
  const request = files.includes('settings.json') ? { resume: out } : { ...options, out };
  const end = await train(request);
  const kept = readdirSync(out, { recursive: true }).map(String).sort();
  console.log(JSON.stringify({ plan, first, hash: end.weightsHash, kept }));
  rmSync(out, { recursive: true });
}

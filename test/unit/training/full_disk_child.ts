// The child of train.test.ts: trains into a folder and prints the error that stops it.

import { train } from '../../../lib/index.js';

try {
  await train({
    model: 'keras_convnet',
    data: 'synthetic',
    samples: 4,
    imageSize: 78,
    epochs: 1,
    batchSize: 4,
    seed: 1001,
    device: 'cpu',
    isa: 'auto',
    mode: 'deterministic',
    threads: 1,
    damaged: 'refuse',
    out: process.argv[2]!,
  });
} catch (error) {
  console.log(String(error));
}

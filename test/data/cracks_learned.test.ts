// The set `cracks` can be learned, but not by single pixels: a small network of convolutions beats the larger class by far on pictures
// that it never saw, one that weighs pixels does not.

import { expect, it, onTestFinished } from 'vitest';
import { openDataset } from '../../lib/data/index.js';
import { createRuntime, layers, sequential } from '../../lib/index.js';

const side = 48;
const seen = (filters: number) => [
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heUniform' }),
  layers.maxPooling2d({ poolSize: 2 }),
];

it.each([
  ['convolutions', () => [...seen(16), ...seen(32), ...seen(64), layers.globalMaxPooling2d()], 0.8, 1],
  ['pixels alone', () => [layers.flatten()], 0, 0.6],
] as const)('%s (seed 3)', async (_what, body, least, most) => {
  const dataset = await openDataset({
    ...{ source: 'cracks', imageSize: side, samples: 800, cache: false, dataOptions: { channels: 1 } },
  });
  using runtime = createRuntime({ threads: 1 });
  onTestFinished(() => dataset.dispose());
  using net = sequential([
    layers.input({ shape: [side, side, 1] }),
    layers.rescaling({ scale: 1 / 64, offset: -2 }),
    ...body(),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ]);
  net.compile({
    runtime,
    loss: 'binaryCrossentropy',
    optimizer: 'adam:learningRate=0.002',
    metrics: ['accuracy'],
    seed: 3,
  });
  await net.fit(dataset.train, { epochs: 10, batchSize: 16 });
  const { accuracy } = await net.evaluate(dataset.validation!);
  expect(accuracy).toBeGreaterThan(least);
  expect(accuracy).toBeLessThanOrEqual(most);
});

// A functional network of two inputs, a shared layer and two outputs against Keras, from fixtures/keras_outputs.json (keras_outputs.py):
// read from Keras's config, three steps with weights of samples, losses, metrics and outputs.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { createRuntime, loadModel, type Model, modelConfig, modelFromConfig } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

interface Told {
  config: { config: { input_layers: unknown; output_layers: unknown } };
  x: { left: number[]; right: number[] };
  y: { kind: number[]; size: number[] };
  weight: number[];
  before: number[][];
  after: number[][];
  evaluated: Record<string, number>;
  predicted: Record<string, number[]>;
}
const told = JSON.parse(readFileSync(join(root, 'test/agreement/fixtures/keras_outputs.json'), 'utf8')) as Told;
const runtime = createRuntime({ threads: 2 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-keras-outputs-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

it('learns, judges and predicts as in Keras', async () => {
  const model = modelFromConfig(told.config as never) as Model;
  model.compile({
    ...{ runtime, optimizer: 'sgd:learningRate=0.1,momentum=0.9' },
    loss: { kind: 'sparseCategoricalCrossentropy', size: 'meanSquaredError' },
    lossWeights: { kind: 0.75, size: 2 },
    metrics: { kind: ['accuracy'], size: ['mae', 'mse'] },
  });
  model.setWeights(told.before);
  const [left, right] = [Float32Array.from(told.x.left), Float32Array.from(told.x.right)];
  const rows = { x: { left, right }, y: { kind: told.y.kind, size: Float32Array.from(told.y.size) } };
  await model.fit({ ...rows, sampleWeight: told.weight }, { epochs: 3, batchSize: 6, shuffle: false });
  model.getWeights().forEach((weight, i) => {
    expectClose(`weight ${i}`, weight, told.after[i]!, 2e-6);
  });
  const logs = await model.evaluate(rows);
  expect(Object.keys(logs)).toEqual(['loss', 'kind_loss', 'size_loss', 'kind_accuracy', 'size_mae', 'size_mse']);
  for (const [name, value] of Object.entries(logs)) expectClose(name, [value], [told.evaluated[name]!], 5e-6);
  const predicted = await model.predictOutputs(rows.x);
  for (const [name, values] of Object.entries(told.predicted)) {
    expectClose(name, predicted[name]!.data(), values, 5e-6);
  }
  expect(predicted['size']!.shape).toEqual([6, 2]);
  const { input_layers, output_layers } = (modelConfig(model) as unknown as Told['config']).config;
  const { config } = told.config;
  expect({ input_layers, output_layers }).toEqual({
    input_layers: config.input_layers,
    output_layers: config.output_layers,
  });
  model.dispose();
});

it.each(['keras', 'h5'])(
  'learns out of a .%s file as Keras did, and out of one that was written back',
  async (ending) => {
    const packed = readFileSync(join(root, `test/agreement/fixtures/files/outputs.${ending}.gz`));
    const path = join(folder, `outputs.${ending}`);
    writeFileSync(path, gunzipSync(packed));
    const [left, right] = [Float32Array.from(told.x.left), Float32Array.from(told.x.right)];
    const rows = { x: { left, right }, y: { kind: told.y.kind, size: Float32Array.from(told.y.size) } };
    for (const from of [path, join(folder, `written.${ending}`)]) {
      using net = await loadModel(from, { runtime });
      if (from === path) await net.save(join(folder, `written.${ending}`));
      await net.fit({ ...rows, sampleWeight: told.weight }, { epochs: 3, batchSize: 6, shuffle: false });
      for (const [i, weight] of net.getWeights().entries()) expectClose(`weight ${i}`, weight, told.after[i]!, 2e-6);
      const logs = await net.evaluate(rows);
      for (const [name, value] of Object.entries(told.evaluated)) expectClose(name, [logs[name]!], [value], 5e-6);
    }
  },
);

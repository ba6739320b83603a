// A state_dict of PyTorch (torch_state.py) in a network of ours: every array finds its weight, and the outputs are PyTorch's.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  createRuntime,
  layers,
  loadWeights,
  type Model,
  saveWeights,
  sequential,
  weightsHash,
} from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

const file = (name: string) => join(root, 'test/agreement/fixtures/files', name);
const told = JSON.parse(readFileSync(file('torch_state.json'), 'utf8')) as { x: number[]; y: number[] };
const runtime = createRuntime({ threads: 2 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-torch-state-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

const { initializers } = layers;

function net(seed: number): Model {
  const kernelInitializer = initializers.torchUniform();
  return sequential([
    layers.input({ shape: [6, 6, 2] }),
    layers.conv2d({ filters: 4, kernelSize: [3, 2], kernelInitializer, name: 'conv' }),
    layers.batchNormalization({ epsilon: 1e-5, name: 'norm' }),
    layers.prelu({ sharedAxes: [1, 2], name: 'slopes' }),
    layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, name: 'apart' }),
    layers.groupNormalization({ groups: 2, epsilon: 1e-5, name: 'groups' }),
    layers.reLU(),
    layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2, name: 'up' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 5, name: 'hidden' }),
    layers.layerNormalization({ epsilon: 1e-5, name: 'last_norm' }),
    layers.activation({ activation: 'gelu' }),
    layers.dense({ units: 2, name: 'head' }),
  ]).build({ runtime, seed });
}

const options = {
  convention: 'pytorch',
  modules: {
    ...{ conv: 'features.0', norm: 'features.1', slopes: 'features.2', apart: 'features.3', groups: 'features.4' },
    ...{ up: 'features.6', hidden: 'head.0', last_norm: 'head.1', head: 'head.3' },
  },
} as const;

it('predicts what PyTorch predicts, and comes back as PyTorch has it', async () => {
  using model = net(1);
  const report = await loadWeights(model, file('torch_state.safetensors'), options);
  expect([report.matched.length, report.missing, report.leftOver]).toEqual([model.weights.length, [], []]);
  expectClose('predictions', (await model.predict(told.x)).data(), told.y, 2e-6);
  await saveWeights(model, join(folder, 'back.safetensors'), options);
  using again = net(2);
  expect(weightsHash(again)).not.toBe(weightsHash(model));
  await loadWeights(again, join(folder, 'back.safetensors'), options);
  expect(weightsHash(again)).toBe(weightsHash(model));
});

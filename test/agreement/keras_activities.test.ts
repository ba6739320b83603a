// Punished outputs against Keras, from fixtures/keras_activities.json (keras_activities.py): a network read from Keras's config, with its
// first weights, has Keras's losses and weights behind three steps, within the rounding of float32.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRuntime, modelConfig, modelFromConfig, tensor } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

const told = JSON.parse(readFileSync(join(root, 'test/agreement/fixtures/keras_activities.json'), 'utf8')) as {
  config: object;
  x: number[];
  y: number[];
  before: Record<string, number[]>;
  losses: number[];
  after: Record<string, number[]>;
  evaluated: number;
};
const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

/** How often a config has a regularizer of outputs. */
const count = (config: object) => JSON.stringify(config).match(/"activity_regularizer":\{/g)?.length;

it.each(['from Keras', 'from our config'])('three steps are those of Keras, %s', async (from) => {
  const read = modelFromConfig(told.config as never);
  using model = from === 'from Keras' ? read : modelFromConfig(modelConfig(read));
  model.compile({ runtime, loss: 'binaryCrossentropy', optimizer: 'sgd:learningRate=0.1,momentum=0.9' });
  const weights = model.namedWeights();
  for (const { name, weight } of weights) weight.tensor.write(Float32Array.from(told.before[name]!));
  const [x, y] = [tensor(runtime, told.x, [5, 6, 6, 2]), tensor(runtime, told.y, [5, 2])];
  const losses = [0, 1, 2].map(() => model.trainOnBatch(x, y).loss);
  expectClose('losses', losses, told.losses, 2e-6);
  for (const { name, weight } of weights) expectClose(name, weight.tensor.data(), told.after[name]!, 5e-6);
  expectClose('evaluated', [(await model.evaluate({ x, y }))['loss']!], [told.evaluated], 5e-6);
  expect(count(modelConfig(model))).toBe(count(told.config));
});

// Regularizers and constraints against Keras, from fixtures/keras_rules.json (keras_rules.py): a network read from Keras's config, with
// its first weights, has Keras's losses and weights behind one step and three, within the rounding of float32.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRuntime, type Model, modelConfig, modelFromConfig, optimizers, tensor } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

const told = JSON.parse(readFileSync(join(root, 'test/agreement/fixtures/keras_rules.json'), 'utf8')) as {
  config: { class_name: string };
  x: number[];
  y: number[];
  before: number[][];
  losses: number[];
  after: [number[][], number[][]];
  evaluated: number;
};
const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

const optimizer = () => optimizers.sgd({ learningRate: 0.05, momentum: 0.9 });

it('three steps are those of Keras', async () => {
  const model = modelFromConfig(told.config as never) as Model;
  model.compile({ runtime, loss: 'meanSquaredError', optimizer: optimizer() });
  model.setWeights(told.before);
  const [x, y] = [tensor(runtime, told.x, [5, 6, 6, 2]), tensor(runtime, told.y, [5, 2])];
  const same = (part: string, want: number[][]) =>
    model.getWeights().forEach((weight, i) => {
      expectClose(`${part} ${model.namedWeights()[i]!.name}`, weight, want[i]!, 2e-6);
    });
  const losses = [model.trainOnBatch(x, y).loss];
  same('one step', told.after[0]);
  for (let step = 1; step < 3; step++) losses.push(model.trainOnBatch(x, y).loss);
  expectClose('losses', losses, told.losses, 2e-6);
  same('three steps', told.after[1]);
  expectClose('evaluated', [(await model.evaluate({ x, y }))['loss']!], [told.evaluated], 5e-6);
  model.dispose();
});

it('the rules come back out of our config as Keras wrote them', () => {
  const rules = (layer: { config: Record<string, unknown> }) =>
    Object.entries(layer.config).filter(([name, value]) => /_(?:regularizer|constraint)$/.test(name) && value !== null);
  const layersOf = (config: object) =>
    (config as { config: { layers: { config: Record<string, unknown> }[] } }).config.layers.map(rules);
  const ours = layersOf(modelConfig(modelFromConfig(told.config as never)));
  // Keras writes the factor of l1 as the float32 that it became.
  const rounded = (value: object) =>
    JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? Math.fround(one) : one));
  const sorted = (all: object) =>
    rounded(all).map((layer: [string, unknown][]) => layer.sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(sorted(ours)).toEqual(sorted(layersOf(told.config)));
  expect(ours.flat().length).toBe(17);
});

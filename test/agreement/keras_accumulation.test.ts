// Gradient accumulation against Keras, from fixtures/keras_accumulation.json (keras_accumulation.py): the optimizer is read from Keras's
// config, schedules count steps and corrections updates.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRuntime, layers, optimizerConfig, optimizerFrom, sequential, tensor } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

const told = JSON.parse(readFileSync(join(root, 'test/agreement/fixtures/keras_accumulation.json'), 'utf8')) as {
  config: object;
  before: number[][];
  batches: [number[], number[]][];
  after: number[][][];
};
const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

it('weights behind every step are those of Keras', () => {
  const optimizer = optimizerFrom(told.config as never);
  const model = sequential([layers.input({ shape: [4] }), layers.dense({ units: 3 })]);
  model.compile({ runtime, loss: 'meanSquaredError', optimizer });
  model.setWeights(told.before);
  told.batches.forEach(([x, y], step) => {
    const first = model.getWeights();
    model.trainOnBatch(tensor(runtime, x, [5, 4]), tensor(runtime, y, [5, 3]));
    if (step % 3 !== 2) expect(model.getWeights()).toEqual(first);
    model.getWeights().forEach((weight, i) => {
      expectClose(`weight ${i} behind step ${step}`, weight, told.after[step]![i]!, 2e-6);
    });
  });
  expect(optimizerConfig(optimizer).config).toMatchObject({ gradient_accumulation_steps: 3 });
  model.dispose();
});

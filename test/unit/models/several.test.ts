// Networks with several inputs and outputs: ways to give data, bits over threads and instruction sets, frozen models, and refusals.
// Against Keras they are held in test/agreement.

import { afterAll, describe, expect, it } from 'vitest';
import {
  type BatchStream,
  createRuntime,
  type FitData,
  layers,
  type Model,
  model,
  modelConfig,
  modelFromConfig,
  type PartsFitData,
  type RuntimeOptions,
  sequential,
  tensor,
  weightsHash,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';
import { deterministicTargets } from '../../support/targets.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const count = 10;
const picture = uniforms(95, 1, count * 6 * 6 * 2);
const facts = uniforms(96, 2, count * 3);
const mask = uniforms(97, 3, count * 4 * 4).map((value) => Math.round(value));
const kind = Array.from({ length: count }, (_, i) => i % 3);

/** A picture and facts about it, to a mask and a kind. */
function net(): Model {
  const [a, b] = [layers.input({ shape: [6, 6, 2], name: 'picture' }), layers.input({ shape: [3], name: 'facts' })];
  const maps = layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }).apply(a);
  const known = layers.dense({ units: 4, activation: 'relu' }).apply(b);
  const both = layers.concatenate().apply([layers.globalAveragePooling2d().apply(maps), known]);
  return model({
    inputs: [a, b],
    outputs: [
      layers.conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid', name: 'mask' }).apply(maps),
      layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(both),
    ],
  });
}

const learning = {
  ...{ optimizer: 'adam:learningRate=0.01', seed: 4 },
  loss: { mask: 'binaryCrossentropy', kind: 'sparseCategoricalCrossentropy' },
  lossWeights: [1, 0.5],
  metrics: { kind: 'accuracy' },
} as const;
const compiled = () => net().compile({ runtime, ...learning });
const data = { x: { facts, picture }, y: { mask, kind } };
const epochs = { epochs: 2, batchSize: 4 };

async function trained(given: FitData | PartsFitData | BatchStream, options: object = epochs, target?: RuntimeOptions) {
  const own = target && createRuntime(target);
  const made = net().compile({ runtime: own ?? runtime, ...learning });
  const history = await made.fit(given, options);
  const told = { hash: weightsHash(made), history };
  made.dispose();
  own?.dispose();
  return told;
}

describe('several inputs and outputs', () => {
  it('are given by name or in their order, as arrays or batches, with the same bits', async () => {
    const want = await trained(data);
    expect(await trained({ x: [picture, facts], y: [mask, kind] })).toEqual(want);
    expect(Object.keys(want.history[0]!.logs)).toEqual(['loss', 'mask_loss', 'kind_loss', 'kind_accuracy']);
    const plain = await trained(data, { ...epochs, shuffle: false });
    const part = (from: number, to: number) => ({
      x: [picture.slice(72 * from, 72 * to), facts.slice(3 * from, 3 * to)],
      y: [mask.slice(16 * from, 16 * to), kind.slice(from, to)],
    });
    const batches = [part(0, 4), part(4, 8), part(8, 10)];
    expect(await trained(batches.values() as never, { stepsPerEpoch: 3 })).toEqual(
      await trained(data, { batchSize: 4, shuffle: false }),
    );
    expect(plain.hash).not.toBe(want.hash);
  });

  it('learn with the same bits for any threads and instruction set; control: another order', async () => {
    const want = await trained(data);
    for (const threads of [2, 3]) expect(await trained(data, epochs, { threads })).toEqual(want);
    for (const { isa } of deterministicTargets) expect(await trained(data, epochs, { threads: 2, isa })).toEqual(want);
    expect((await trained(data, { ...epochs, batchSize: 5 })).hash).not.toBe(want.hash);
  });

  it('are judged, cut, and predicted; a loss is the weighted sum of the losses of the outputs', async () => {
    const made = compiled();
    const x = [tensor(runtime, picture, [count, 6, 6, 2]), tensor(runtime, facts, [count, 3])];
    const y = { mask: tensor(runtime, mask, [count, 4, 4, 1]), kind: tensor(runtime, kind, [count]) };
    const { loss } = made.testOnBatch(x, y);
    const each = (lossWeights: number[]) =>
      net()
        .compile({ runtime, ...learning, lossWeights })
        .testOnBatch(x, y).loss;
    expect(loss).toBeCloseTo(each([1, 0]) + 0.5 * each([0, 1]), 6);
    expect((await made.evaluate(data))['loss']).toBe(loss);
    const outputs = await made.predictOutputs(data.x, { batchSize: 3 });
    expect(Object.entries(outputs).map(([name, { shape }]) => [name, shape])).toEqual([
      ['mask', [count, 4, 4, 1]],
      ['kind', [count, 3]],
    ]);
    const rows = made.predictOnBatch(x).data();
    expect([...outputs['mask']!.data().slice(0, 16)]).toEqual([...rows.slice(0, 16)]);
    expect([...outputs['kind']!.data().slice(0, 3)]).toEqual([...rows.slice(16, 19)]);
    const history = await made.fit(data, { validationSplit: 0.4 });
    const names = ['loss', 'mask_loss', 'kind_loss', 'kind_accuracy'];
    const validation = ['valLoss', 'valMask_loss', 'valKind_loss', 'valKind_accuracy'];
    expect(Object.keys(history[0]!.logs)).toEqual([...names, ...validation]);
    made.dispose();
  });

  it('go to a config and back', () => {
    const config = modelConfig(net());
    const back = modelFromConfig(config);
    expect(modelConfig(back)).toEqual(config);
    expect(back.graph.outputs.length).toBe(2);
  });
});

it('one model with several inputs and one output is predicted as any other', async () => {
  const [a, b] = [layers.input({ shape: [2] }), layers.input({ shape: [2] })];
  const sum = model({ inputs: [a, b], outputs: layers.add().apply([a, b]) }).build({ runtime });
  const y = await sum.predict([
    [
      [1, 2],
      [3, 4],
    ],
    [
      [10, 20],
      [30, 40],
    ],
  ]);
  expect([...y.data()]).toEqual([11, 22, 33, 44]);
});

describe('a model that is not trainable', () => {
  it('freezes the layers in it, wherever it stands, until it is trainable again', () => {
    const inner = sequential([layers.input({ shape: [2] }), layers.dense({ units: 2 })], { trainable: false });
    const outer = sequential([inner, layers.dense({ units: 1 })]);
    expect(inner.trainable).toBe(false);
    const trainable = () => {
      const names = outer.compile({ runtime, loss: 'meanSquaredError' }).trainableWeights.map(({ name }) => name);
      return names.length;
    };
    expect(trainable()).toBe(2);
    inner.trainable = true;
    expect(trainable()).toBe(4);
  });
});

describe('refusals', () => {
  const names = 'picture, facts';
  const y = data.y;
  const compile = (change: object) => () => net().compile({ runtime, ...learning, ...change });
  it.each<[string, () => unknown]>([
    ['compile: expected loss as a list of 2, or by the names mask, kind, got a list of 1', compile({ loss: ['mse'] })],
    [
      "compile: expected loss as a list of 2, or by the names mask, kind, got the name 'knd'",
      compile({ loss: { mask: 'huber', knd: 'huber' } }),
    ],
    [
      'compile: expected loss as a list of 2, or by the names mask, kind, got none for kind',
      compile({ loss: { mask: 'huber' } }),
    ],
    ['compile: expected lossWeights to be numbers >= 0, got -1', compile({ lossWeights: { mask: -1 } })],
    [
      'compile mask: expected outputs of two classes or more for categoricalCrossentropy, got [4, 4, 1]; binaryCrossentropy is the loss for one probability',
      compile({ loss: 'categoricalCrossentropy' }),
    ],
    [
      "compile: expected metrics as a list of 2, or by the names mask, kind, got the name 'size'",
      compile({ metrics: { size: 'mae' } }),
    ],
    [
      'compile: expected lossWeights beside several outputs, got them beside one',
      () =>
        sequential([layers.input({ shape: [1] }), layers.dense({ units: 1 })]).compile({
          ...{ runtime, loss: 'huber', lossWeights: [1] },
        }),
    ],
    [
      'model: expected at least one output, got none',
      () => model({ inputs: layers.input({ shape: [1] }), outputs: [] }),
    ],
    [
      'functional: expected a network with one output inside another one, got one with 2',
      () => net().apply([layers.input({ shape: [6, 6, 2] }), layers.input({ shape: [3] })]),
    ],
  ])('%s', (message, call) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      `fit: expected x as a list of 2, or by the names ${names}, got none for facts`,
      () => compiled().fit({ x: { picture }, y }),
    ],
    [
      'fit: expected as many samples of facts as of picture (10), got 2',
      () => compiled().fit({ x: { picture, facts: facts.slice(0, 6) }, y }),
    ],
    [
      'fit kind: expected targets of sparseCategoricalCrossentropy to be integers from 0 to 2, got 3 in sample 9',
      () => compiled().fit({ x: data.x, y: { mask, kind: [...kind.slice(0, 9), 3] } }),
    ],
    [
      'fit: expected no classWeight beside several outputs, got it',
      () => compiled().fit(data, { classWeight: { 1: 2 } }),
    ],
    [
      'predict: expected a model with one output, got one with 2; predictOutputs gives each by its name',
      () => compiled().predict(data.x),
    ],
  ])('%s', async (message, call) => {
    await expect(call()).rejects.toThrow(expect.objectContaining({ message }));
  });
});

// A task: what a definition and data make of each other, the same bits as by hand, and one sentence before any work where they
// do not fit.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { modelConfig } from '../../../lib/config/index.js';
import {
  createRuntime,
  defineData,
  defineModel,
  kerasConvnet,
  layers,
  losses,
  type Model,
  type ModelDefinition,
  openDataset,
  openTask,
  optimizers,
  sequential,
  type TaskSettings,
  weightsHash,
} from '../../../lib/index.js';

const { conv2d, dense, flatten, input } = layers;
const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-tasks-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** An error with just this message. */
const saying = (message: string) => expect.objectContaining({ message });

const count = 12;
const x = Float32Array.from({ length: count * 16 }, (_, i) => ((i * 37) % 64) / 64);
const sampleShape = [4, 4, 1];
const labels = Array.from({ length: count }, (_, i) => (5 * i + (i >> 2)) % 3);

type Head = { units: number; activation: 'sigmoid' | 'softmax' | 'linear' };
const net = (head: Head, shape = sampleShape): Model =>
  sequential([input({ shape }), conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }), flatten(), dense(head)]);

const digits = defineModel({
  name: 'digits',
  build: ({ sampleShape: shape, classes }) => net({ units: classes, activation: 'softmax' }, [...shape]),
  optimizer: 'sgd:learningRate=0.1',
});
const data = defineData({ train: { x, y: labels, sampleShape } });

/** The hash of the weights after two epochs. */
async function trained(settings: TaskSettings): Promise<string> {
  using task = await openTask({ seed: 7, ...settings });
  const model = task.compile(runtime);
  await model.fit(task.dataset.train, { epochs: 2, batchSize: 5 });
  return weightsHash(model);
}

/** The same by hand. */
async function byHand(model: Model, y: number[][], compile: Partial<Parameters<Model['compile']>[0]>): Promise<string> {
  model.compile({ runtime, seed: 7, loss: 'categoricalCrossentropy', metrics: ['accuracy'], ...compile });
  await model.fit({ x, y }, { epochs: 2, batchSize: 5 });
  const hash = weightsHash(model);
  model.dispose();
  return hash;
}

const oneHot = labels.map((label) => [0, 1, 2].map((k) => +(k === label)));

describe('a task of one’s own', () => {
  it('ends in the bits of the same training by hand', async () => {
    const own = await trained({ model: digits, data });
    expect(own).toBe(
      await byHand(net({ units: 3, activation: 'softmax' }), oneHot, {
        optimizer: optimizers.sgd({ learningRate: 0.1 }),
      }),
    );
    expect(await trained({ model: digits, data, optimizer: 'sgd:learningRate=0.2' })).not.toBe(own);
  });

  it('says where model and data come from, and how they are called', async () => {
    using task = await openTask({ model: digits, data });
    expect([task.source, task.dataSource]).toEqual([
      { kind: 'object', name: 'digits' },
      { kind: 'object', name: 'object' },
    ]);
    expect(task.compile(runtime).compiled.loss.name).toBe('categoricalCrossentropy');
  });

  it('is compiled again, from the first weights, where its model was disposed', async () => {
    using task = await openTask({ model: digits, data, seed: 7 });
    const once = async () => {
      const model = task.compile(runtime);
      await model.fit(task.dataset.train, { batchSize: 5 });
      const hash = weightsHash(model);
      model.dispose();
      return hash;
    };
    expect(await once()).toBe(await once());
  });

  it('takes an open dataset, which stays open', async () => {
    const dataset = await openDataset({ source: 'synthetic', imageSize: 78, samples: 4, cache: false });
    {
      using task = await openTask({ model: 'keras_convnet', data: dataset });
      expect(task.dataset.digest).toBe(dataset.digest);
    }
    expect(dataset.train.read([0]).x.length).toBe(78 * 78 * 3);
    dataset.dispose();
    await expect(openTask({ model: 'keras_convnet', data: dataset, samples: 2 })).rejects.toThrow(
      saying('openTask: expected no samples beside an open dataset, got 2'),
    );
  });

  it.each<[string, number[][] | number[][][], object, Head, string]>([
    [
      'several classes',
      labels.map((label) => [1, label & 1, label >> 1]),
      {},
      { units: 3, activation: 'sigmoid' },
      'binaryCrossentropy',
    ],
    [
      'shares',
      labels.map((label) => [0.5, label / 4, 0.5 - label / 4]),
      { loss: 'categoricalCrossentropy' },
      { units: 3, activation: 'softmax' },
      'categoricalCrossentropy',
    ],
  ])('of %s learns as from rows in memory', async (_what, y, more, head, loss) => {
    const model = defineModel({ name: 'rows', build: () => net(head), metrics: ['accuracy'] });
    expect(await trained({ model, data: defineData({ train: { x, y, sampleShape } }), ...more })).toBe(
      await byHand(net(head), y as number[][], { loss: loss as 'binaryCrossentropy' }),
    );
  });

  it('of masks has a class at each place', async () => {
    const build = ({ classes }: { classes: number }) =>
      sequential([
        input({ shape: sampleShape }),
        conv2d({ filters: classes, kernelSize: 3, padding: 'same', activation: 'softmax' }),
      ]);
    const places = Array.from({ length: count * 16 }, (_, i) => (i * 7) % 3);
    const masks = Array.from({ length: count }, (_, n) =>
      Array.from({ length: 4 }, (_h, h) => places.slice(16 * n + 4 * h, 16 * n + 4 * h + 4)),
    );
    const own = await trained({
      model: defineModel({ name: 'mask', build }),
      data: defineData({ train: { x, y: masks, sampleShape }, targets: 'mask' }),
    });
    const rows = masks.map((mask) => mask.map((row) => row.map((label) => [0, 1, 2].map((k) => +(k === label)))));
    expect(own).toBe(await byHand(build({ classes: 3 }), rows as never, {}));
  });

  it('of the table is built for pictures of one channel too', async () => {
    const grey = Uint8Array.from({ length: 2 * 78 * 78 }, (_, i) => i % 251);
    const two = defineData({ train: { x: grey, y: [0, 1], sampleShape: [78, 78, 1] } });
    using task = await openTask({ model: 'keras_convnet', data: two, modelOptions: { augmentation: false } });
    expect(task.model.sampleShapes).toEqual({ x: [78, 78, 1], y: [1] });
    expect(task.model.layers.map(({ name }) => name)).not.toContain('data_augmentation');
    expect(task.compile(runtime).compiled.optimizer.settings['epsilonPlace']).toBe('outside');
    expect(task.source).toEqual({ kind: 'table', name: 'keras_convnet' });
  });

  it('out of a config has the network that was written, and no code', async () => {
    const path = join(folder, 'net.json');
    writeFileSync(path, JSON.stringify(modelConfig(net({ units: 3, activation: 'softmax' }))));
    const settings = { data, optimizer: 'sgd:learningRate=0.1' };
    expect(await trained({ ...settings, model: path })).toBe(await trained({ ...settings, model: digits }));
    writeFileSync(
      path,
      JSON.stringify({
        class_name: 'Sequential',
        config: { name: 's', layers: [{ class_name: 'Lambda', config: {} }] },
      }),
    );
    await expect(openTask({ model: path, data })).rejects.toThrow(/Lambda/);
  });

  it('follows a schedule in place of the optimizer’s rate', async () => {
    const schedule = 'piecewiseConstantDecay:boundaries=0,values=0.1 0.1';
    void schedule;
    const constant = { rate: () => 0.1 };
    const sgd = { model: { ...digits, optimizer: 'sgd' }, data };
    expect(await trained({ ...sgd, schedule: constant as never })).toBe(await trained({ model: digits, data }));
    await expect(openTask({ model: digits, data, schedule: constant as never })).rejects.toThrow(
      saying("openTask: expected no learningRate in optimizer beside a schedule, got 'sgd:learningRate=0.1'"),
    );
  });
});

describe('a model and data that do not fit are refused', () => {
  const built = (build: ModelDefinition['build'], more: Partial<ModelDefinition> = {}) => ({
    model: defineModel({ name: 'own', build, ...more }),
    data,
  });
  const values = defineData({ train: { x, y: labels.map((label) => label / 2), sampleShape }, targets: 'value' });
  it.each<[string, TaskSettings, string]>([
    [
      'by their samples',
      built(() => net({ units: 3, activation: 'softmax' }, [5, 4, 1])),
      "openTask: expected model 'own' to take the samples of the data, [4, 4, 1], got [5, 4, 1]",
    ],
    [
      'by their classes',
      built(() => net({ units: 2, activation: 'softmax' })),
      "openTask model 'own': expected a model with outputs for 3 classes, got [2]",
    ],
    [
      'by one output',
      built(() => net({ units: 1, activation: 'sigmoid' })),
      "openTask model 'own': expected a model with outputs for 3 classes, got [1]",
    ],
    [
      'by places',
      built(() => sequential([input({ shape: sampleShape }), dense({ units: 3, activation: 'softmax' })])),
      "openTask model 'own': expected a model with outputs for 3 classes, got [4, 4, 3]",
    ],
    [
      'by values',
      { ...built(() => net({ units: 3, activation: 'linear' })), data: values },
      "openTask model 'own': expected a model with outputs [1], the shape of the targets, got [3]",
    ],
    [
      'without a loss',
      { ...built(() => net({ units: 1, activation: 'linear' })), data: values },
      "openTask: expected model 'own' to have a loss, got none; targets are values, and no loss is usual for them",
    ],
    [
      'by their loss',
      {
        ...built(() => net({ units: 3, activation: 'softmax' })),
        loss: losses.categoricalCrossentropy({ fromLogits: true }),
      },
      'openTask: expected logits as outputs for categoricalCrossentropy with fromLogits, got those of a softmax; leave fromLogits out: behind a softmax the loss is computed from its logits',
    ],
    [
      'by an unknown setting',
      { ...built(() => net({ units: 3, activation: 'softmax' })), epochs: 3 } as never,
      "openTask: expected options model, modelOptions, freeze, optimizer, loss, metrics, schedule, augment, seed, data, validation, samples, imageSize, damaged, maxPixels, dataCheck, dataOptions, validationSamples, validationFraction, splitSeed, got 'epochs'",
    ],
    [
      'by an option of the table',
      { model: 'keras_convnet', data: 'synthetic', modelOptions: { dropout: 0 } },
      "keras_convnet: expected options augmentation, padding, got 'dropout'",
    ],
    [
      'by a kind the table does not have',
      { model: 'mini_xception', data: defineData({ train: { x, y: labels, sampleShape }, targets: 'value' }) },
      "mini_xception: expected targets of the kind 'class' or 'several', got 'value'",
    ],
  ])('%s', async (_what, settings, message) => {
    await expect(openTask(settings)).rejects.toThrow(saying(message));
  });

  it('before any picture is prepared', async () => {
    const told: string[] = [];
    const hooks = { onPictures: () => void told.push('picture'), onData: () => void told.push('data') };
    await expect(openTask({ model: digits, data: 'synthetic', imageSize: 2 }, hooks)).rejects.toThrow('conv2d');
    const other = defineModel({ name: 'other', build: () => kerasConvnet() });
    await expect(openTask({ model: other, data: 'synthetic', imageSize: 90 }, hooks)).rejects.toThrow(
      saying("openTask: expected model 'other' to take the samples of the data, [90, 90, 3], got [180, 180, 3]"),
    );
    expect(told).toEqual([]);
  });
});

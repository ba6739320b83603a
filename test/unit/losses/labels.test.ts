// Numbers of classes as targets of fit, evaluate and single steps: the bits are those of rows with a single 1.

import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  type FitData,
  layers,
  losses,
  type Model,
  type Split,
  sequential,
  tensor,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const labels = [0, 2, 1, 1, 0, 2, 2];
const x = uniforms(81, 1, labels.length * 4);
const rows = labels.flatMap((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0)));

const net = (loss: losses.LossOption, activation: 'softmax' | 'linear' = 'softmax'): Model =>
  sequential([layers.input({ shape: [4] }), layers.dense({ units: 3, activation })]).compile({
    ...{ runtime, loss, optimizer: 'sgd:learningRate=0.5', metrics: ['accuracy'], seed: 9 },
  });

async function trained(loss: losses.LossOption, data: FitData, options: object = {}, activation?: 'linear') {
  const model = net(loss, activation);
  const history = await model.fit(data, { epochs: 9, batchSize: 3, ...options });
  const evaluated = await model.evaluate(data);
  const told = { history, evaluated, weights: model.getWeights() };
  model.dispose();
  return told;
}

const split: Split = {
  ...{ length: labels.length, sampleShape: [4], targets: { kind: 'class', shape: [], classes: 3 } as const },
  labels: Uint32Array.from(labels),
  read: (indices) => ({
    x: Float32Array.from({ length: 4 * indices.length }, (_, k) => x[4 * indices[k >> 2]! + (k & 3)]!),
    y: Array.from(indices, (i) => labels[i]!),
  }),
};

describe('numbers of classes', () => {
  it('train as rows do, from arrays and from a dataset', async () => {
    const want = await trained('categoricalCrossentropy', { x, y: rows });
    for (const y of [labels, Int32Array.from(labels), Uint8Array.from(labels), tensor(runtime, labels, [7])]) {
      expect(await trained('sparseCategoricalCrossentropy', { x, y })).toEqual(want);
    }
    expect(want.history.at(-1)!.logs['accuracy']).toBeGreaterThan(0);
    const other = [...labels.slice(1), 0];
    expect(await trained('sparseCategoricalCrossentropy', { x, y: other })).not.toEqual(want);
    expect(await trained('sparseCategoricalCrossentropy', split)).toEqual(want);
  });

  it('train as rows do from logits, and with weights of classes and samples', async () => {
    const of = (loss: 'sparseCategoricalCrossentropy' | 'categoricalCrossentropy') =>
      losses[loss]({ fromLogits: true });
    const [sparse, dense] = [of('sparseCategoricalCrossentropy'), of('categoricalCrossentropy')];
    expect(await trained(sparse, { x, y: labels }, {}, 'linear')).toEqual(
      await trained(dense, { x, y: rows }, {}, 'linear'),
    );
    const options = { classWeight: { 1: 3 } };
    const want = await trained('categoricalCrossentropy', { x, y: rows }, options);
    expect(await trained('sparseCategoricalCrossentropy', { x, y: labels }, options)).toEqual(want);
    expect(await trained('sparseCategoricalCrossentropy', { x, y: labels })).not.toEqual(want);
    const sampleWeight = labels.map((label) => (label === 1 ? 3 : 1));
    const { history } = await trained('sparseCategoricalCrossentropy', { x, y: labels, sampleWeight });
    expect(history).toEqual(want.history);
  });

  it('that are no class are refused, before anything is learnt', async () => {
    const message = 'targets of sparseCategoricalCrossentropy to be integers from 0 to 2, got 3 in sample 1';
    const model = net('sparseCategoricalCrossentropy');
    const bad = { x: x.slice(0, 8), y: [0, 3] };
    await expect(model.fit(bad)).rejects.toThrow(`fit: expected ${message}`);
    await expect(model.evaluate(bad)).rejects.toThrow(`evaluate: expected ${message}`);
    const [a, b] = [tensor(runtime, bad.x, [2, 4]), tensor(runtime, bad.y, [2])];
    expect(() => model.trainOnBatch(a, b)).toThrow(`trainOnBatch: expected ${message}`);
    expect(() => model.testOnBatch(a, b)).toThrow(`testOnBatch: expected ${message}`);
    expect(model.iterations).toBe(0);
    const several = { ...split, targets: { kind: 'value', shape: [3], classes: 0 }, labels: undefined } as const;
    await expect(model.fit(several)).rejects.toThrow(
      "fit: expected targets that are numbers of classes, for the loss, got those of the kind 'value'",
    );
    model.dispose();
    const loss = losses.sparseCategoricalCrossentropy();
    expect(loss.compute(tensor(runtime, [0.2, 0.3, 0.5], [1, 3]), tensor(runtime, [3], [1])).item()).toBeNaN();
  });
});

describe('a loss of a whole batch', () => {
  it('goes with no weights of samples', async () => {
    const model = sequential([layers.input({ shape: [4] }), layers.dense({ units: 1, activation: 'sigmoid' })]);
    const hint = 'it judges the samples of a batch together';
    model.compile({ runtime, loss: 'dice' });
    const y = labels.map((label) => Math.min(label, 1));
    await expect(model.fit({ x, y, sampleWeight: labels })).rejects.toThrow(
      `fit: expected no sampleWeight beside the loss dice, got it; ${hint}`,
    );
    await expect(model.fit({ x, y }, { classWeight: { 1: 2 } })).rejects.toThrow(
      `fit: expected no classWeight beside the loss dice, got it; ${hint}`,
    );
    model.compile({ runtime, loss: losses.dice({ axis: 1 }) });
    await model.fit({ x, y, sampleWeight: labels });
    model.dispose();
  });
});
